package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.NodeDef;

/**
 * What a file's own program does to its variables when it is loaded: which are restored from which
 * key of the checkpoint, and which are made as copies of others.
 */
final class Restoration {
  private final Map<String, String> checkpointKeys = new HashMap<>();
  private final Map<String, FileVariable> copies = new HashMap<>();

  /**
   * @param main the main graph
   * @param restore the name of its node that restores the variables, or an empty string
   */
  Restoration(Frame main, String restore) {
    scan(main);
    NodeDef node = main.node(restore);
    if (node != null && node.getOp().endsWith("PartitionedCall")) {
      scan(main.call(node, main.attributes(node).get("f").getFunc(), 0));
    }
    // A copy that isn't restored itself holds nothing to copy back.
    copies.values().removeIf(copy -> !checkpointKeys.containsKey(copy.key()));
  }

  /** The checkpoint key that a variable is restored from, if it is. */
  Optional<String> checkpointKey(FileVariable variable) {
    return Optional.ofNullable(checkpointKeys.get(variable.key()));
  }

  /** A restored variable that was made as a copy of this one. */
  Optional<FileVariable> copyOf(FileVariable variable) {
    return Optional.ofNullable(copies.get(variable.key()));
  }

  private void scan(Frame frame) {
    List<Frame> inner = new ArrayList<>();
    for (NodeDef node : frame.nodes()) {
      switch (node.getOp()) {
        case "AssignVariableOp", "Assign" -> assignment(frame, frame.inputs(node));
        case "PartitionedCall", "StatefulPartitionedCall" -> {
          if (!frame.main()) {
            inner.add(frame.call(node, frame.attributes(node).get("f").getFunc(), 0));
          }
        }
        default -> {
          // Neither writes a variable nor calls what does.
        }
      }
    }
    inner.forEach(this::scan);
  }

  private void assignment(Frame frame, List<Endpoint> inputs) {
    Endpoint target = Frame.origin(inputs.get(0));
    Endpoint value = Frame.origin(inputs.get(1));
    NodeDef variable = target.frame().node(target.node());
    NodeDef source = value.frame().node(value.node());
    if (variable == null || source == null || !FileVariable.isVariable(variable)) {
      return;
    }
    FileVariable assigned = FileVariable.of(target.frame(), variable);
    if (source.getOp().equals("RestoreV2")) {
      Endpoint names = Frame.origin(value.frame().inputs(source).get(1));
      NodeDef constant = names.frame().node(names.node());
      if (constant != null && constant.getOp().equals("Const")) {
        var keys = constant.getAttrOrThrow("value").getTensor().getStringValList();
        checkpointKeys.put(assigned.key(), keys.get(value.index()).toStringUtf8());
      }
    } else if (frame.main() && source.getOp().equals("ReadVariableOp")) {
      Endpoint read = Frame.origin(value.frame().inputs(source).get(0));
      NodeDef original = read.frame().node(read.node());
      if (original != null && FileVariable.isVariable(original)) {
        copies.put(FileVariable.of(read.frame(), original).key(), assigned);
      }
    }
  }
}
