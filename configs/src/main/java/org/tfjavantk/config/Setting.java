package org.tfjavantk.config;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.config.proto.Axis;
import org.tfjavantk.config.proto.Run;

/**
 * One value of an axis.
 *
 * @param path of what it sets, such as {@code seed} or {@code network}
 * @param text the value as tables show it
 * @param block the whole network or data set; null where {@code text} is the value
 * @param place of the value below its axis, such as {@code network[1]}
 */
record Setting(String path, String text, Message block, String place) {
  static final String NETWORK = "network";
  static final String DATASET = "dataset";

  /** The values of an axis, in their order. */
  static List<Setting> of(Axis axis) {
    if (axis.getNetworkCount() > 0) {
      return blocks(NETWORK, axis.getNetworkList());
    }
    if (axis.getDatasetCount() > 0) {
      return blocks(DATASET, axis.getDatasetList());
    }
    List<Setting> settings = new ArrayList<>();
    for (String value : axis.getValuesList()) {
      String place = Paths.element("values", settings.size());
      settings.add(new Setting(axis.getField(), value, null, place));
    }
    return settings;
  }

  private static List<Setting> blocks(String path, List<? extends Message> blocks) {
    List<String> names = BlockNames.of(blocks);
    List<Setting> settings = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      settings.add(new Setting(path, names.get(i), blocks.get(i), Paths.element(path, i)));
    }
    return settings;
  }

  boolean whole() {
    return block != null;
  }

  /** The run with a whole block in the place of its own. */
  Run replaceIn(Run run) {
    return run.toBuilder().setField(Run.getDescriptor().findFieldByName(path), block).build();
  }
}
