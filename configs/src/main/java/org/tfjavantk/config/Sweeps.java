package org.tfjavantk.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tfjavantk.config.proto.Axis;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/** The runs of a sweep. */
public final class Sweeps {
  private static final int MOST_VARIANTS = 10_000;
  private static final int LONGEST_LABEL = 100;

  private Sweeps() {}

  /**
   * One run of a sweep.
   *
   * @param label the values in a form that serves as a file name and is unique in the sweep, such
   *     as {@code width=64,seed=1}
   * @param values the value of every axis, by its path, in the order of the axes; not modifiable
   * @param run the run with these values and without the sweep
   */
  public record Variant(String label, Map<String, String> values, Run run) {}

  /**
   * Every combination of the values of the axes, the last axis varying fastest. A run without a
   * sweep has itself as its only variant, with an empty label.
   *
   * @throws UserException if a combination breaks a rule of the schema, or there are more than
   *     10,000
   */
  public static List<Variant> expand(Run run) {
    Run base = run.toBuilder().clearSweep().build();
    if (!run.hasSweep()) {
      return List.of(new Variant("", Map.of(), base));
    }
    List<Axis> axes = run.getSweep().getAxisList();
    List<Map<String, String>> points = List.of(new LinkedHashMap<>());
    for (Axis axis : axes) {
      if ((long) points.size() * axis.getValuesCount() > MOST_VARIANTS) {
        throw new UserException(
            "sweep: found more than "
                + MOST_VARIANTS
                + " combinations of values; allowed: at most "
                + MOST_VARIANTS);
      }
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> point : points) {
        for (String value : axis.getValuesList()) {
          Map<String, String> extended = new LinkedHashMap<>(point);
          extended.put(axis.getField(), value);
          longer.add(extended);
        }
      }
      points = longer;
    }
    Set<String> labels = new HashSet<>();
    List<Variant> variants = new ArrayList<>();
    for (Map<String, String> point : points) {
      String label = label(point);
      if (!labels.add(label)) {
        label += "-" + variants.size();
        labels.add(label);
      }
      variants.add(new Variant(label, Collections.unmodifiableMap(point), at(base, point)));
    }
    return List.copyOf(variants);
  }

  private static Run at(Run base, Map<String, String> point) {
    Origin origin = new Origin("sweep at " + point);
    Origins origins = new Origins(origin);
    Run run = base;
    for (Map.Entry<String, String> value : point.entrySet()) {
      run = new Assignment(origin, origin, value.getKey(), value.getValue()).applyTo(run, origins);
    }
    Validator.check(run, origins);
    return run;
  }

  /** The last name of each path, or more of it where two axes share it. */
  private static String label(Map<String, String> point) {
    List<String> parts = new ArrayList<>();
    point.forEach(
        (path, value) -> {
          String last = path.substring(path.lastIndexOf('.') + 1);
          boolean shared =
              point.keySet().stream()
                      .filter(p -> p.substring(p.lastIndexOf('.') + 1).equals(last))
                      .count()
                  > 1;
          parts.add((shared ? path : last) + "=" + value);
        });
    String label = String.join(",", parts).replaceAll("[^A-Za-z0-9._=,+\\[\\]-]+", "_");
    return label.length() > LONGEST_LABEL ? label.substring(0, LONGEST_LABEL) : label;
  }

  /**
   * Tries every value of every axis alone, so that a mistake is told at its place in the file.
   *
   * @throws UserException for the first value that does not fit
   */
  static void check(Run run, Origins origins) {
    Run base = run.toBuilder().clearSweep().build();
    Set<String> fields = new HashSet<>();
    for (int i = 0; i < run.getSweep().getAxisCount(); i++) {
      Axis axis = run.getSweep().getAxis(i);
      String path = Paths.element("sweep.axis", i);
      Origin fieldOrigin = inAxis(origins, path + ".field");
      if (axis.getField().matches("sweep\\b.*")) {
        throw Problems.error(
            fieldOrigin,
            "",
            "found " + ConfigText.quote(axis.getField()) + "; allowed: a field outside the sweep");
      }
      if (!fields.add(axis.getField())) {
        throw Problems.error(
            fieldOrigin,
            "",
            "found "
                + ConfigText.quote(axis.getField())
                + " again; allowed: one axis for each field");
      }
      for (int j = 0; j < axis.getValuesCount(); j++) {
        Origin valueOrigin = inAxis(origins, Paths.element(path + ".values", j));
        Origins varied = new Origins(origins);
        Run variant =
            new Assignment(fieldOrigin, valueOrigin, axis.getField(), axis.getValues(j))
                .applyTo(base, varied);
        Validator.check(variant, varied);
      }
    }
  }

  private static Origin inAxis(Origins origins, String path) {
    return new Origin(origins.of(path) + ": " + path);
  }
}
