package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph.TrackableObject.ObjectReference;

/** The Python objects of a TensorFlow 2 file: a tree of named attributes with variables in it. */
final class ObjectGraph {
  private static final String SUFFIX = "/.ATTRIBUTES/";
  private static final Comparator<ObjectReference> BY_NAME =
      Comparator.comparing(
          ObjectReference::getLocalName,
          (a, b) ->
              a.matches("\\d{1,9}") && b.matches("\\d{1,9}")
                  ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b))
                  : a.compareTo(b));

  private final SavedObjectGraph graph;
  private final List<Integer> moduleOrder = new ArrayList<>();

  ObjectGraph(SavedObjectGraph graph) {
    this.graph = graph;
    if (graph.getNodesCount() > 0) {
      visit(0, new HashSet<>());
    }
  }

  private boolean isEmpty() {
    return graph.getNodesCount() == 0;
  }

  /** The object that a checkpoint key names; -1 when there is none. */
  int find(String checkpointKey) {
    if (isEmpty() || !checkpointKey.contains(SUFFIX)) {
      return -1;
    }
    int node = 0;
    for (String part : path(checkpointKey).split("/")) {
      // TensorFlow writes "/" in a name as ".S" and "." as "..".
      String name = part.replace(".S", "/").replace("..", ".");
      node = child(node, name).orElse(-1);
      if (node < 0) {
        return -1;
      }
    }
    return node;
  }

  /** A checkpoint key without what only the checkpoint needs, e.g. "layers/0/w". */
  static String path(String checkpointKey) {
    int end = checkpointKey.indexOf(SUFFIX);
    return end < 0 ? checkpointKey : checkpointKey.substring(0, end);
  }

  /** The variable of an object; null when it is none. */
  SavedVariable variable(int node) {
    return node >= 0 && graph.getNodes(node).hasVariable()
        ? graph.getNodes(node).getVariable()
        : null;
  }

  /** The variables in a list that is an attribute of the root, if there is such a list. */
  Optional<List<Integer>> rootList(String name) {
    if (isEmpty()) {
      return Optional.empty();
    }
    return child(0, name)
        .filter(node -> isCollection(graph.getNodes(node)))
        .map(
            node ->
                sorted(node).stream()
                    .map(ObjectReference::getNodeId)
                    .filter(id -> variable(id) != null)
                    .toList());
  }

  /**
   * All variables as {@code tf.Module.variables} orders them: an object's own attributes by name,
   * lists and dictionaries taken as their elements, then the objects among them.
   */
  List<Integer> moduleOrder() {
    return moduleOrder;
  }

  private void visit(int node, Set<Integer> seen) {
    List<Integer> modules = new ArrayList<>();
    own(node, seen, modules);
    modules.forEach(module -> visit(module, seen));
  }

  private void own(int node, Set<Integer> seen, List<Integer> modules) {
    for (ObjectReference child : sorted(node)) {
      int id = child.getNodeId();
      if (seen.add(id)) {
        SavedObject object = graph.getNodes(id);
        if (object.hasVariable()) {
          moduleOrder.add(id);
        } else if (isCollection(object)) {
          own(id, seen, modules);
        } else if (object.hasUserObject()) {
          modules.add(id);
        }
      }
    }
  }

  private Optional<Integer> child(int node, String name) {
    return graph.getNodes(node).getChildrenList().stream()
        .filter(child -> child.getLocalName().equals(name))
        .map(ObjectReference::getNodeId)
        .findFirst();
  }

  private List<ObjectReference> sorted(int node) {
    return graph.getNodes(node).getChildrenList().stream().sorted(BY_NAME).toList();
  }

  private static boolean isCollection(SavedObject object) {
    return object.hasUserObject()
        && object.getUserObject().getIdentifier().matches("trackable_.*_wrapper");
  }
}
