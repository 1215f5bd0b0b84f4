package org.tfjavantk.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.tfjavantk.cli.run.steps.KernelPlan;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.store.KernelLayout;

/** A kernel's plan in words and as JSON's fields. */
interface PlanText {
  /** How many matrices of a block are listed. */
  int MOST = 12;

  KernelPlan plan();

  /** The step that makes the kernel. */
  String runner();

  /** What the kernel is and what it takes. */
  List<List<String>> facts();

  /** How the part of each parameter is computed, under a title; empty if that is all one. */
  List<List<String>> routes();

  /**
   * The same for a program.
   *
   * @param variant which run of a sweep; empty where there is none
   */
  Map<String, Object> fields(String variant);

  /** What the kernel is, its matrices, their precision. */
  default List<List<String>> matrices() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("kernel", "%s", plan().kind()));
    for (KernelPlan.Block block : plan().blocks()) {
      KernelLayout layout = block.layout();
      for (String file : block.files().subList(0, Math.min(MOST, block.files().size()))) {
        rows.add(
            row(
                file,
                "%,d x %,d examples, %,d x %,d values%s",
                layout.rowExamples(),
                layout.columnExamples(),
                layout.rows(),
                layout.columns(),
                layout.symmetric() ? ", symmetric" : ""));
      }
      if (block.files().size() > MOST) {
        rows.add(row("", "and %d more, %s x train", block.files().size() - MOST, block.rows()));
      }
    }
    rows.add(row("precision", "%s", precision()));
    return rows;
  }

  default List<String> disk() {
    return row("disk", "%s", Bytes.format(plan().diskBytes()));
  }

  /** The fields of every plan. */
  default Map<String, Object> begun(String variant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (!variant.isEmpty()) {
      fields.put("run", variant);
    }
    fields.put("step", plan().step());
    fields.put("runner", runner());
    fields.put("kernel", plan().kind());
    fields.put("n", plan().blocks().get(0).layout().rowExamples());
    fields.put("precision", precision());
    fields.put("kernels", plan().blocks().stream().flatMap(PlanText::kernels).toList());
    fields.put("tile", plan().tile());
    fields.put("tiles", plan().tiles());
    fields.put("memory", plan().memory());
    fields.put("disk_bytes", plan().diskBytes());
    return fields;
  }

  private static Stream<Map<String, Object>> kernels(KernelPlan.Block block) {
    return block.files().stream()
        .map(
            file -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("file", file);
              fields.put("rows", block.layout().rowExamples());
              fields.put("columns", block.layout().columnExamples());
              fields.put("disk_bytes", block.layout().bytesWhenComplete());
              return fields;
            });
  }

  private String precision() {
    return plan().precision().name().toLowerCase(Locale.ROOT);
  }

  /** A fact and its name. */
  static List<String> row(String name, String format, Object... values) {
    return List.of(name, String.format(Locale.ROOT, format, values));
  }
}
