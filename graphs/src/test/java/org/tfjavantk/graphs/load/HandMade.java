package org.tfjavantk.graphs.load;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** Small graphs of float64 vectors, node by node: a Placeholder x, a Const w, and what follows. */
final class HandMade {
  static final double[] W = {2, -3, 0.5};
  static final double[] X = {1, 10, 100};

  private final GraphDef.Builder graph = GraphDef.newBuilder();

  HandMade() {
    graph.getVersionsBuilder().setProducer(1994);
    node("x", "Placeholder", List.of(), "dtype", DataType.DT_DOUBLE, "shape", new long[] {3});
    constant("w", DataType.DT_DOUBLE, W);
  }

  HandMade node(String name, String op, List<String> inputs, Object... attributes) {
    graph.addNode(of(name, op, inputs, attributes));
    return this;
  }

  /** A scalar for one value, else a vector. */
  HandMade constant(String name, DataType dtype, double... values) {
    graph.addNode(constantOf(name, dtype, values));
    return this;
  }

  HandMade function(FunctionDef function) {
    graph.getLibraryBuilder().addFunction(function);
    return this;
  }

  GraphDef build() {
    return graph.build();
  }

  /** The graph in a file, read with "w" as its parameter and "y" as its output. */
  FlatModel read(Path dir) {
    return FrozenGraphs.read(
        write(dir), Options.defaults().withParameters(List.of("w")).withOutputs(List.of("y")));
  }

  Path write(Path dir) {
    try {
      return Files.write(dir.resolve("graph.pb"), graph.build().toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** y for x = (1, 10, 100). */
  double[] y(Path dir) {
    return evaluate(read(dir));
  }

  static double[] evaluate(FlatModel model) {
    return Evaluator.run(model, Map.of("x", new Npy(new long[] {X.length}, X))).get("y");
  }

  static NodeDef constantOf(String name, DataType dtype, double... values) {
    Values tensor = Values.of(dtype, values);
    return (values.length == 1 ? Types.constant(tensor) : Types.constant(tensor, values.length))
        .setName(name)
        .build();
  }

  static NodeDef of(String name, String op, List<String> inputs, Object... attributes) {
    NodeDef.Builder node = NodeDef.newBuilder().setName(name).setOp(op).addAllInput(inputs);
    for (int i = 0; i < attributes.length; i += 2) {
      node.putAttr((String) attributes[i], attribute(attributes[i + 1]));
    }
    return node.build();
  }

  private static AttrValue attribute(Object value) {
    AttrValue.Builder attribute = AttrValue.newBuilder();
    if (value instanceof DataType type) {
      attribute.setType(type);
    } else if (value instanceof long[] shape) {
      return Types.attr(shape);
    } else if (value instanceof Integer number) {
      attribute.setI(number);
    } else if (value instanceof Double number) {
      attribute.setF(number.floatValue());
    } else if (value instanceof Boolean flag) {
      attribute.setB(flag);
    } else if (value instanceof NameAttrList function) {
      attribute.setFunc(function);
    } else if (value instanceof AttrValue given) {
      return given;
    } else {
      attribute.setS(ByteString.copyFromUtf8((String) value));
    }
    return attribute.build();
  }

  /** The function of that name, for an attribute. */
  static NameAttrList named(String function) {
    return NameAttrList.newBuilder().setName(function).build();
  }

  static AttrValue named(List<String> functions) {
    AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
    functions.forEach(function -> list.addFunc(named(function)));
    return AttrValue.newBuilder().setList(list).build();
  }

  static AttrValue types(DataType... types) {
    return Types.attr(List.of(types));
  }

  /** The function's own attribute of that name. */
  static AttrValue placeholder(String name) {
    return AttrValue.newBuilder().setPlaceholder(name).build();
  }

  /** A function of float64 tensors; results refer to the tensors of its nodes. */
  static FunctionDef function(
      String name, List<String> arguments, List<String> results, NodeDef... nodes) {
    OpDef.Builder signature = OpDef.newBuilder().setName(name);
    for (String argument : arguments) {
      signature.addInputArg(
          OpDef.ArgDef.newBuilder().setName(argument).setType(DataType.DT_DOUBLE));
    }
    FunctionDef.Builder function = FunctionDef.newBuilder();
    List<String> names = new ArrayList<>();
    for (String result : results) {
      String out = "out" + names.size();
      names.add(out);
      signature.addOutputArg(OpDef.ArgDef.newBuilder().setName(out).setType(DataType.DT_DOUBLE));
      function.putRet(out, result);
    }
    return function.setSignature(signature).addAllNodeDef(List.of(nodes)).build();
  }
}
