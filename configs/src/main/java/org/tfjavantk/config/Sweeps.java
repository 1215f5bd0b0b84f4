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

/** The runs that one config stands for: those of its sweep, each with its repeats. */
public final class Sweeps {
  private static final int MOST_VARIANTS = 10_000;
  private static final int LONGEST_LABEL = 100;
  private static final String REPEAT = "repeat";

  private Sweeps() {}

  /**
   * One of the runs.
   *
   * @param label the values, and which repeat it is, in a form that serves as a file name and is
   *     unique among the runs, such as {@code width=64,seed=1} or {@code network=lenet,repeat=2}
   * @param values the value of every axis, by its path, in the order of the axes, without the
   *     repeat; not modifiable
   * @param run the run with these values, without the sweep, and with {@code repeat} in place of
   *     {@code repeats}
   */
  public record Variant(String label, Map<String, String> values, Run run) {}

  /** Whether a config stands for several runs, each in a directory of its own. */
  public static boolean many(Run run) {
    return run.hasSweep() || run.getRepeats() > 1;
  }

  /**
   * Every combination of the values of the axes, the last axis varying fastest, and of each its
   * repeats. A run with neither sweep nor repeats has itself as its only variant, with an empty
   * label.
   *
   * @throws UserException if a combination breaks a rule of the schema, or there are more than
   *     10,000
   */
  public static List<Variant> expand(Run run) {
    if (!many(run)) {
      return List.of(new Variant("", Map.of(), run));
    }
    Run base = run.toBuilder().clearSweep().clearRepeats().build();
    Set<String> labels = new HashSet<>();
    List<Variant> variants = new ArrayList<>();
    for (List<Setting> point : points(run)) {
      Map<String, String> values = new LinkedHashMap<>();
      point.forEach(setting -> values.put(setting.path(), setting.text()));
      Run at = at(base, point);
      for (int repeat = 1; repeat <= run.getRepeats(); repeat++) {
        Map<String, String> named = new LinkedHashMap<>(values);
        Run variant = at;
        if (run.getRepeats() > 1) {
          named.put(REPEAT, Integer.toString(repeat));
          variant = at.toBuilder().setRepeat(repeat).build();
        }
        String label = label(named);
        if (!labels.add(label)) {
          label += "-" + variants.size();
          labels.add(label);
        }
        variants.add(new Variant(label, Collections.unmodifiableMap(values), variant));
      }
    }
    return List.copyOf(variants);
  }

  private static List<List<Setting>> points(Run run) {
    List<List<Setting>> points = List.of(List.of());
    for (Axis axis : run.getSweep().getAxisList()) {
      List<Setting> settings = Setting.of(axis);
      if ((long) points.size() * settings.size() * run.getRepeats() > MOST_VARIANTS) {
        throw new UserException(
            "sweep: found more than "
                + MOST_VARIANTS
                + " combinations of values and repeats; allowed: at most "
                + MOST_VARIANTS);
      }
      List<List<Setting>> longer = new ArrayList<>();
      for (List<Setting> point : points) {
        for (Setting setting : settings) {
          List<Setting> extended = new ArrayList<>(point);
          extended.add(setting);
          longer.add(extended);
        }
      }
      points = longer;
    }
    return points;
  }

  /** Whole blocks come first, so that the other axes reach into them. */
  private static Run at(Run base, List<Setting> point) {
    Map<String, String> values = new LinkedHashMap<>();
    Run run = base;
    for (Setting setting : point) {
      values.put(setting.path(), setting.text());
      run = setting.whole() ? setting.replaceIn(run) : run;
    }
    Origin origin = new Origin("sweep at " + values);
    Origins origins = new Origins(origin);
    for (Setting setting : point) {
      if (!setting.whole()) {
        run = new Assignment(origin, origin, setting.path(), setting.text()).applyTo(run, origins);
      }
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
}
