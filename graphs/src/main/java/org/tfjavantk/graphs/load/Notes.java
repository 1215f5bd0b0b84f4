package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** What a user should know about the operations of a model. */
final class Notes {
  private Notes() {}

  /**
   * Of variables that loading leaves without a value.
   *
   * @param repaired "variable from copy", at least one
   */
  static String repaired(List<String> repaired) {
    return "The file leaves "
        + repaired.size()
        + " variables that the signature reads without a value, as tf.saved_model.save does with a"
        + " Keras 3 model; they get the values of the restored copies in the same file: "
        + String.join(", ", repaired)
        + ".";
  }

  /** A file that doesn't say which of its variables are trainable. */
  static String silent() {
    return "The file does not say of all variables whether they are trainable: the floating-point"
        + " ones that it is silent about count as parameters.";
  }

  /** Of an input that keeps its default. */
  static String setting(String input) {
    return "Input "
        + input
        + " is a single number with a default, and keeps it: it is no part of an example. Choose the"
        + " inputs to change that.";
  }

  /** Of nodes whose gradients Python code gives. */
  static String ownGradients(Set<String> nodes) {
    return "Python gives "
        + nodes.size()
        + " nodes gradients of their own (tf.custom_gradient, also in tf.nn.silu and"
        + " tf.recompute_grad), first "
        + nodes.iterator().next()
        + ": kernels take the derivatives of what these nodes compute, which is not the same where"
        + " such a gradient is not the true one.";
  }

  static List<String> of(Map<String, NodeDef> nodes, Set<String> operations) {
    List<String> notes = new ArrayList<>();
    for (String name : operations.stream().sorted().toList()) {
      if (FusedBatchNorms.isTraining(nodes.get(name))) {
        notes.add(
            "Node "
                + name
                + " ("
                + nodes.get(name).getOp()
                + ") normalises with the statistics of the batch: an output then depends on all"
                + " examples of the batch. Export the model in inference mode.");
      }
    }
    return notes;
  }
}
