package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;
import org.tfjavantk.graphs.ConstantValue;

/**
 * What is known of vectors of sizes that a graph computes from shapes, entry by entry: the number
 * of examples is open, the other sizes mostly are not.
 *
 * <p>An entry below -1 stands for a size that is not known: equal entries are equal sizes.
 */
final class PartialValues {
  private static final int FIRST_OPEN = -2;
  private static final int MOST_NUMBERS = 64;

  private final Graph graph;
  private final Map<String, NodeDef> nodes;
  private final Map<String, long[]> known = new HashMap<>();
  private final Map<String, Long> sizes = new HashMap<>();

  /**
   * @param graph the graph, in which TensorFlow has worked out the shapes
   * @param nodes its nodes by name
   */
  PartialValues(Graph graph, Map<String, NodeDef> nodes) {
    this.graph = graph;
    this.nodes = nodes;
  }

  static boolean isOpen(long entry) {
    return entry <= FIRST_OPEN;
  }

  /** The entry that stands for the size of a tensor along an axis. */
  long size(String tensor, int axis) {
    long size = shape(tensor).get(axis);
    return size >= 0 ? size : open(tensor + " " + axis);
  }

  /** The shape of a tensor. */
  Shape shape(String tensor) {
    int colon = tensor.lastIndexOf(':');
    int index = colon < 0 ? 0 : Integer.parseInt(tensor.substring(colon + 1));
    return graph.operation(Assembly.node(tensor)).output(index).shape();
  }

  /** The entries of a vector, or of a scalar the one; null where nothing is known. */
  long[] of(String tensor) {
    if (!known.containsKey(tensor)) {
      // The graph has no loops, and such vectors are made in a few steps.
      known.put(tensor, compute(tensor));
    }
    return known.get(tensor);
  }

  private long open(String what) {
    return sizes.computeIfAbsent(what, key -> (long) FIRST_OPEN - sizes.size());
  }

  private long[] compute(String tensor) {
    NodeDef node = nodes.get(Assembly.node(tensor));
    return switch (node.getOp()) {
      case "Const" -> constant(node);
      case "Shape" -> shapeOf(node.getInput(0));
      case "Identity", "Cast", "Reshape", "ExpandDims", "Squeeze" -> of(node.getInput(0));
      case "GatherV2" -> gathered(node);
      case "Prod" -> product(node);
      case "Pack" -> joined(node.getInputList());
      case "ConcatV2" -> joined(node.getInputList().subList(0, node.getInputCount() - 1));
      case "StridedSlice" -> sliced(node);
      case "Unpack" -> unpacked(tensor, node);
      case "Mul" -> combined(node, (a, b) -> a * b);
      case "Add", "AddV2" -> combined(node, Long::sum);
      case "Sub" -> combined(node, (a, b) -> a - b);
      case "FloorDiv" -> combined(node, (a, b) -> b == 0 ? 0 : Math.floorDiv(a, b));
      default -> null;
    };
  }

  private long[] constant(NodeDef node) {
    GraphOperation op = graph.operation(node.getName());
    return op.output(0).shape().size() > MOST_NUMBERS
        ? null
        : ConstantValue.integers(op.output(0)).orElse(null);
  }

  private long[] shapeOf(String tensor) {
    Shape shape = shape(tensor);
    return shape.isUnknown()
        ? null
        : LongStream.range(0, shape.numDimensions()).map(i -> size(tensor, (int) i)).toArray();
  }

  private long[] gathered(NodeDef node) {
    long[] from = of(node.getInput(0));
    long[] indices = of(node.getInput(1));
    if (from == null || indices == null || shape(node.getInput(0)).numDimensions() != 1) {
      return null;
    }
    boolean inside = Arrays.stream(indices).allMatch(i -> i >= 0 && i < from.length);
    return inside ? Arrays.stream(indices).map(i -> from[(int) i]).toArray() : null;
  }

  private long[] product(NodeDef node) {
    long[] factors = of(node.getInput(0));
    if (factors == null || shape(node.getInput(0)).numDimensions() != 1) {
      return null;
    }
    long product = 1;
    for (long factor : factors) {
      product = times(product, factor, node.getName());
    }
    return new long[] {product};
  }

  private long times(long a, long b, String node) {
    if (a == 1 || b == 1) {
      return a == 1 ? b : a;
    }
    return isOpen(a) || isOpen(b) ? open(node) : a * b;
  }

  private long[] joined(List<String> tensors) {
    List<Long> all = new ArrayList<>();
    for (String tensor : tensors) {
      long[] part = of(tensor);
      if (part == null || shape(tensor).numDimensions() > 1) {
        return null;
      }
      Arrays.stream(part).forEach(all::add);
    }
    return all.stream().mapToLong(Long::longValue).toArray();
  }

  private long[] unpacked(String tensor, NodeDef node) {
    long[] from = of(node.getInput(0));
    int colon = tensor.lastIndexOf(':');
    int index = colon < 0 ? 0 : Integer.parseInt(tensor.substring(colon + 1));
    return from == null || from.length <= index || shape(node.getInput(0)).numDimensions() != 1
        ? null
        : new long[] {from[index]};
  }

  /** v[begin:end:stride], or one entry. */
  private long[] sliced(NodeDef node) {
    long[] from = of(node.getInput(0));
    long[] begin = of(node.getInput(1));
    long[] end = of(node.getInput(2));
    long[] stride = of(node.getInput(3));
    if (from == null || begin == null || end == null || stride == null || begin.length != 1) {
      return null;
    }
    if (shape(node.getInput(0)).numDimensions() != 1
        || stride[0] != 1
        || mask(node, "new_axis_mask") != 0
        || mask(node, "ellipsis_mask") != 0) {
      return null;
    }
    int first = mask(node, "begin_mask") != 0 ? 0 : place(begin[0], from.length);
    if (mask(node, "shrink_axis_mask") != 0) {
      return first < from.length ? new long[] {from[first]} : null;
    }
    int last = mask(node, "end_mask") != 0 ? from.length : place(end[0], from.length);
    return Arrays.copyOfRange(from, first, Math.max(first, last));
  }

  private static int place(long index, int length) {
    return (int) Math.max(0, Math.min(length, index < 0 ? index + length : index));
  }

  private static long mask(NodeDef node, String name) {
    return node.containsAttr(name) ? node.getAttrOrThrow(name).getI() : 0;
  }

  private long[] combined(NodeDef node, LongBinaryOperator operator) {
    long[] a = of(node.getInput(0));
    long[] b = of(node.getInput(1));
    if (a == null || b == null || a.length != b.length && a.length != 1 && b.length != 1) {
      return null;
    }
    long[] result = new long[Math.max(a.length, b.length)];
    for (int i = 0; i < result.length; i++) {
      long x = a[a.length == 1 ? 0 : i];
      long y = b[b.length == 1 ? 0 : i];
      result[i] =
          isOpen(x) || isOpen(y) ? open(node.getName() + " " + i) : operator.applyAsLong(x, y);
    }
    return result;
  }
}
