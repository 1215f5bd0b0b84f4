package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** What a user should know about the operations of a model. */
final class Notes {
  private Notes() {}

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
