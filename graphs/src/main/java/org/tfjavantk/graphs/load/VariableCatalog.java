package org.tfjavantk.graphs.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.VariableDef;
import org.tfjavantk.graphs.UserException;

/** What a SavedModel says about its variables: their names, which are trainable, their order. */
final class VariableCatalog {
  /**
   * A variable with what the file says about it.
   *
   * @param variable the variable
   * @param name as its author called it
   * @param trainable whether the file says so; empty when it says nothing
   * @param path of attributes that leads to it, e.g. "layers/0/w"; empty when there is none
   */
  record Entry(FileVariable variable, String name, Optional<Boolean> trainable, String path) {
    private Entry withName(String name) {
      return new Entry(variable, name, trainable, path);
    }
  }

  private static final int LAST = Integer.MAX_VALUE;

  private final Restoration restoration;
  private final ObjectGraph objects;
  private final Map<String, Integer> graphTrainable;
  private final Map<String, Integer> graphVariables;

  VariableCatalog(MetaGraphDef meta, Restoration restoration) {
    this.restoration = restoration;
    objects = new ObjectGraph(meta.getObjectGraphDef());
    graphTrainable = collection(meta, "trainable_variables");
    Map<String, Integer> all = collection(meta, "variables");
    graphVariables = all.isEmpty() ? collection(meta, "global_variables") : all;
  }

  /** The variables in the order of the file's own list. */
  List<Entry> describe(List<FileVariable> used) {
    List<Entry> entries = new ArrayList<>();
    Map<FileVariable, Integer> order = new HashMap<>();
    List<Integer> trainables = objects.rootList("trainable_variables").orElse(null);
    List<Integer> listed = new ArrayList<>();
    if (trainables != null) {
      listed.addAll(trainables);
      listed.addAll(objects.rootList("variables").orElse(List.of()));
    }
    for (FileVariable variable : used) {
      Optional<String> key = source(variable).flatMap(restoration::checkpointKey);
      int object = key.map(objects::find).orElse(-1);
      SavedVariable saved = objects.variable(object);
      int position = saved == null ? LAST : position(listed, variable, object, saved);
      Optional<Boolean> trainable;
      if (saved == null) {
        String node = variable.node();
        trainable =
            graphTrainable.isEmpty()
                ? Optional.empty()
                : Optional.of(graphTrainable.containsKey(node));
        int rank = graphVariables.getOrDefault(node, LAST - graphTrainable.size());
        order.put(variable, graphTrainable.getOrDefault(node, graphTrainable.size() + rank));
      } else if (trainables != null) {
        trainable = Optional.of(position < trainables.size());
        order.put(variable, position);
      } else {
        trainable = Optional.of(saved.getTrainable());
        int module = objects.moduleOrder().indexOf(object);
        order.put(variable, module < 0 ? LAST : module);
      }
      String path = saved == null ? "" : key.map(ObjectGraph::path).orElse("");
      entries.add(new Entry(variable, name(variable, saved, path), trainable, path));
    }
    entries.sort(Comparator.comparingInt(entry -> order.get(entry.variable())));
    return distinct(entries);
  }

  /** The variable itself if it is restored, else a restored copy of it. */
  Optional<FileVariable> source(FileVariable variable) {
    return restoration.checkpointKey(variable).isPresent()
        ? Optional.of(variable)
        : restoration.copyOf(variable);
  }

  /**
   * Where a variable stands in a list: by identity, or that of its copy, because a Keras export
   * lists copies, and else by name and shape.
   */
  private int position(
      List<Integer> listed, FileVariable variable, int object, SavedVariable saved) {
    int position = listed.indexOf(object);
    if (position < 0) {
      int copy =
          restoration
              .copyOf(variable)
              .flatMap(restoration::checkpointKey)
              .map(objects::find)
              .orElse(-1);
      position = listed.indexOf(copy);
    }
    for (int i = 0; position < 0 && i < listed.size(); i++) {
      SavedVariable other = objects.variable(listed.get(i));
      if (other.getName().equals(saved.getName()) && other.getShape().equals(saved.getShape())) {
        position = i;
      }
    }
    return position < 0 ? LAST : position;
  }

  private static String name(FileVariable variable, SavedVariable saved, String path) {
    if (saved == null) {
      return variable.node() == null ? variable.sharedName() : variable.node();
    }
    String name = strip(saved.getName());
    // "Variable" is what TensorFlow calls a variable that nobody named.
    return name.isEmpty() || name.equals("Variable") ? path : name;
  }

  /**
   * Tells variables of the same name apart: by their paths where those end in a name, and else by a
   * number.
   */
  private static List<Entry> distinct(List<Entry> entries) {
    Map<String, Integer> count = new HashMap<>();
    entries.forEach(entry -> count.merge(entry.name(), 1, Integer::sum));
    List<Entry> named = new ArrayList<>();
    for (Entry entry : entries) {
      boolean path = count.get(entry.name()) > 1 && entry.path().matches("(.*/)?\\D[^/]*");
      named.add(path ? entry.withName(entry.path()) : entry);
    }
    Set<String> taken = new HashSet<>();
    List<Entry> result = new ArrayList<>();
    for (Entry entry : named) {
      String name = entry.name();
      for (int i = 1; !taken.add(name); i++) {
        name = entry.name() + "_" + i;
      }
      result.add(entry.withName(name));
    }
    return result;
  }

  private static String strip(String name) {
    return name.replaceFirst(":\\d+$", "");
  }

  private static Map<String, Integer> collection(MetaGraphDef meta, String name) {
    CollectionDef collection = meta.getCollectionDefMap().get(name);
    Map<String, Integer> nodes = new LinkedHashMap<>();
    if (collection != null) {
      for (ByteString bytes : collection.getBytesList().getValueList()) {
        try {
          nodes.putIfAbsent(strip(VariableDef.parseFrom(bytes).getVariableName()), nodes.size());
        } catch (InvalidProtocolBufferException e) {
          throw new UserException("the collection " + name + " of the file is damaged", e);
        }
      }
    }
    return nodes;
  }
}
