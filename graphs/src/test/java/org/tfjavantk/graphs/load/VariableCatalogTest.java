package org.tfjavantk.graphs.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tensorflow.proto.DataType.DT_DOUBLE;
import static org.tensorflow.proto.DataType.DT_STRING;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedUserObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph.TrackableObject.ObjectReference;

/** Names, flags and order of variables in object graphs made by hand. */
class VariableCatalogTest {
  private final SavedObjectGraph.Builder objects = SavedObjectGraph.newBuilder();
  private final GraphDef.Builder graph = GraphDef.newBuilder();
  private final List<String> keys = new ArrayList<>();

  @Test
  void variablesOfOneNameAreToldApartByTheirPaths() {
    // Root: b and layers = [object with w, object with w]; all of them are called "w" but b.
    object("_generic_user_object", "layers", 1, "b", 4);
    object("trackable_list_wrapper", "1", 3, "0", 2);
    object("_generic_user_object", "w", 5);
    object("_generic_user_object", "w", 6);
    variable("Variable", false);
    variable("w", true);
    variable("w", true);
    restore("layers/1/w", "layers/0/w", "b");
    List<VariableCatalog.Entry> entries = describe();
    assertEquals(
        List.of("b", "layers/0/w", "layers/1/w"),
        entries.stream().map(VariableCatalog.Entry::name).toList());
    assertEquals(
        List.of(Optional.of(false), Optional.of(true), Optional.of(true)),
        entries.stream().map(VariableCatalog.Entry::trainable).toList());
  }

  @Test
  void variablesOfOneNameInAListAreNumbered() {
    object("_generic_user_object", "params", 1);
    object("trackable_list_wrapper", "10", 3, "9", 2);
    variable("w", true);
    variable("w", true);
    restore("params/10", "params/9");
    List<VariableCatalog.Entry> entries = describe();
    assertEquals(List.of("w", "w_1"), entries.stream().map(VariableCatalog.Entry::name).toList());
    assertEquals("params/9", entries.get(0).path());
  }

  @Test
  void aListOfTrainableVariablesOutweighsTheFlags() {
    object("_generic_user_object", "all", 1, "trainable_variables", 2, "variables", 1);
    object("trackable_list_wrapper", "0", 3, "1", 4);
    object("trackable_list_wrapper", "0", 4);
    variable("frozen", true);
    variable("head", true);
    restore("all/0", "all/1");
    List<VariableCatalog.Entry> entries = describe();
    assertEquals(
        List.of("head", "frozen"), entries.stream().map(VariableCatalog.Entry::name).toList());
    assertEquals(Optional.of(false), entries.get(1).trainable());
  }

  @Test
  void aFileThatSaysNothingHasNodesForNames() {
    restore("a", "b");
    List<VariableCatalog.Entry> entries = describe();
    assertEquals(List.of("v0", "v1"), entries.stream().map(VariableCatalog.Entry::name).toList());
    assertEquals(Optional.empty(), entries.get(0).trainable());
  }

  private void object(String identifier, Object... children) {
    SavedObject.Builder object =
        SavedObject.newBuilder()
            .setUserObject(SavedUserObject.newBuilder().setIdentifier(identifier));
    for (int i = 0; i < children.length; i += 2) {
      object.addChildren(
          ObjectReference.newBuilder()
              .setLocalName((String) children[i])
              .setNodeId((int) children[i + 1]));
    }
    objects.addNodes(object);
  }

  private void variable(String name, boolean trainable) {
    objects.addNodes(
        SavedObject.newBuilder()
            .setVariable(
                SavedVariable.newBuilder()
                    .setName(name)
                    .setDtype(DT_DOUBLE)
                    .setTrainable(trainable)));
  }

  /** Variables v0, v1, ... restored from the objects at these paths. */
  private void restore(String... paths) {
    TensorProto.Builder names = TensorProto.newBuilder().setDtype(DT_STRING);
    for (String path : paths) {
      String variable = "v" + keys.size();
      keys.add(path);
      names.addStringVal(ByteString.copyFromUtf8(path + "/.ATTRIBUTES/VARIABLE_VALUE"));
      graph.addNode(
          HandMade.of(
              variable, "VarHandleOp", List.of(), "dtype", DT_DOUBLE, "shape", new long[] {}));
      graph.addNode(
          HandMade.of(
              variable + "/restore",
              "AssignVariableOp",
              List.of(variable, "restore:" + (keys.size() - 1)),
              "dtype",
              DT_DOUBLE));
    }
    AttrValue value = AttrValue.newBuilder().setTensor(names).build();
    graph.addNode(HandMade.of("names", "Const", List.of(), "dtype", DT_STRING, "value", value));
    graph.addNode(HandMade.of("restore", "RestoreV2", List.of("prefix", "names", "slices")));
  }

  private List<VariableCatalog.Entry> describe() {
    Frame main = Frame.of(graph.build());
    List<FileVariable> used = new ArrayList<>();
    for (NodeDef node : main.nodes()) {
      if (FileVariable.isVariable(node)) {
        used.add(FileVariable.of(main, node));
      }
    }
    MetaGraphDef meta = MetaGraphDef.newBuilder().setObjectGraphDef(objects).build();
    return new VariableCatalog(meta, new Restoration(main, "")).describe(used);
  }
}
