package org.tfjavantk.cli;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.Defaults;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.UserException;

/** The networks of layers by the names that they have in a config. */
final class NamedNetwork {
  private static final Set<String> FROM_FILES = Set.of("saved_model", "frozen_graph");
  private static final String WIDTH = "width";
  private static final String WIDTHS = "hidden";

  private NamedNetwork() {}

  /** All names. */
  static Set<String> names() {
    Set<String> names = new LinkedHashSet<>(Catalogue.networks().keySet());
    names.removeAll(FROM_FILES);
    return names;
  }

  /**
   * A network as the config's defaults have it.
   *
   * @param width 0 for the default; else the width of its layers, of all hidden ones of an MLP
   * @throws UserException when there is no such network, or none with widths
   */
  static Network of(String name, int width, int outputs) {
    if (!names().contains(name)) {
      throw new UserException(
          "there is no network '"
              + name
              + "'"
              + Failures.nearest(name, names())
              + "; there are: "
              + String.join(", ", names()));
    }
    var network = org.tfjavantk.config.proto.Network.newBuilder();
    FieldDescriptor field = network.getDescriptorForType().findFieldByName(name);
    Message standard =
        Defaults.resolve(
                Run.newBuilder()
                    .setNetwork(network.setField(field, network.getField(field)))
                    .build())
            .getNetwork();
    network.mergeFrom(standard);
    if (width != 0) {
      Message.Builder architecture = ((Message) network.getField(field)).toBuilder();
      setWidth(name, architecture, width);
      network.setField(field, architecture.build());
    }
    return Build.network(Run.newBuilder().setNetwork(network).build(), outputs);
  }

  private static void setWidth(String name, Message.Builder architecture, int width) {
    if (width < 1) {
      throw new UserException("--width " + width + ": a width is at least 1");
    }
    FieldDescriptor one = architecture.getDescriptorForType().findFieldByName(WIDTH);
    FieldDescriptor many = architecture.getDescriptorForType().findFieldByName(WIDTHS);
    if (one != null) {
      architecture.setField(one, width);
    } else if (many != null) {
      int layers = architecture.getRepeatedFieldCount(many);
      architecture.setField(many, Collections.nCopies(layers, width));
    } else {
      throw new UserException(
          "--width: " + name + " has no width to choose; leave it out, or take another network");
    }
  }

  /** The names, for completion. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }
  }
}
