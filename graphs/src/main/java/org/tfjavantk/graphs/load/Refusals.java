package org.tfjavantk.graphs.load;

import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.OpDef;
import org.tfjavantk.graphs.UserException;

/** Operations that no flat graph of plain operations can hold, and what a user can do about it. */
final class Refusals {
  private static final Set<String> LOOPS =
      Set.of(
          "While",
          "StatelessWhile",
          "For",
          "Enter",
          "RefEnter",
          "Exit",
          "RefExit",
          "NextIteration",
          "RefNextIteration",
          "LoopCond");

  private Refusals() {}

  /** Refuses a node that the outputs depend on, if it must be. */
  static void check(String type, String name, OpDef op) {
    if (LOOPS.contains(type) || type.startsWith("TensorList") || type.startsWith("TensorArray")) {
      throw refuse(
          type,
          name,
          "is part of a loop",
          "export the model unrolled, e.g. with Keras unroll=True, or with tf.vectorized_map in place"
              + " of tf.map_fn");
    }
    if (isRandom(type)) {
      throw refuse(
          type,
          name,
          "draws random numbers",
          "export the model in inference mode (no dropout, no noise, no random augmentation)");
    }
    if (isWrite(type, op)) {
      throw refuse(
          type, name, "changes a variable", "export a signature that only computes the outputs");
    }
    if (op.getIsStateful()) {
      throw refuse(
          type,
          name,
          "has a state or calls code outside of the graph",
          "export the model without it");
    }
    if (op.getOutputArgList().stream()
        .anyMatch(
            out -> out.getType() == DataType.DT_VARIANT || out.getType() == DataType.DT_RESOURCE)) {
      throw refuse(type, name, "gives something that is no tensor", "export the model without it");
    }
    if (op.getAttrList().stream().anyMatch(attr -> attr.getType().contains("func"))) {
      throw refuse(type, name, "calls a function in a way of its own", "export it as a plain call");
    }
  }

  /** A conditional whose condition is not known before the model runs. */
  static UserException conditional(String type, String name) {
    return refuse(
        type,
        name,
        "chooses between branches by a condition that is computed from the inputs or variables",
        "export the model in inference mode, with the condition fixed");
  }

  static UserException readAfterWrite(String type, String name) {
    return refuse(
        type,
        name,
        "changes a variable that the outputs read afterwards",
        "export a signature that only computes the outputs");
  }

  static UserException resource(String type, String name) {
    return refuse(
        type,
        name,
        "uses a variable otherwise than by reading it",
        "export a signature that only computes the outputs");
  }

  private static boolean isRandom(String type) {
    return type.contains("Random")
        || type.contains("Multinomial")
        || type.contains("TruncatedNormal")
        || type.startsWith("Stateful")
        || type.startsWith("StatelessSample")
        || type.startsWith("Rng");
  }

  /** Writes take a reference or a handle; what reads a handle never comes here. */
  private static boolean isWrite(String type, OpDef op) {
    return type.startsWith("Assign")
        || type.startsWith("Resource") && op.getIsStateful()
        || op.getInputArgList().stream().anyMatch(OpDef.ArgDef::getIsRef);
  }

  private static UserException refuse(String type, String name, String what, String advice) {
    return new UserException(type + " (node " + name + ") " + what + ": " + advice);
  }
}
