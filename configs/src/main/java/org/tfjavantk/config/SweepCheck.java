package org.tfjavantk.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tfjavantk.config.proto.Axis;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/** Checks a sweep's axes, each alone, so that a mistake is told at its place in the file. */
final class SweepCheck {
  private final Run run;
  private final Origins origins;
  private final Set<String> varied = new HashSet<>();

  private SweepCheck(Run run, Origins origins) {
    this.run = run;
    this.origins = origins;
  }

  /**
   * Tries every value of every axis.
   *
   * @param run which keeps the rules of the schema
   * @throws UserException for the first axis or value that does not fit
   */
  static void check(Run run, Origins origins) {
    SweepCheck check = new SweepCheck(run, new Origins(origins));
    for (int i = 0; i < run.getSweep().getAxisCount(); i++) {
      check.form(axis(i), run.getSweep().getAxis(i));
    }
    Run base = check.base();
    for (int i = 0; i < run.getSweep().getAxisCount(); i++) {
      check.path(axis(i), run.getSweep().getAxis(i));
      check.values(axis(i), run.getSweep().getAxis(i), base);
    }
  }

  private static String axis(int index) {
    return Paths.element("sweep.axis", index);
  }

  /** An axis is a field with values, or networks, or data sets. */
  private void form(String at, Axis axis) {
    List<String> given = new ArrayList<>();
    boolean field = !axis.getField().isEmpty();
    if (field || axis.getValuesCount() > 0) {
      given.add(field ? "field" : "values");
    }
    if (axis.getNetworkCount() > 0) {
      given.add(Setting.NETWORK);
    }
    if (axis.getDatasetCount() > 0) {
      given.add(Setting.DATASET);
    }
    String allowed = "allowed: one of field with values, network, dataset";
    if (given.isEmpty()) {
      throw Problems.error(origins.of(at), at, "gives nothing to vary; " + allowed);
    }
    if (given.size() > 1) {
      String path = Paths.child(at, given.get(1));
      throw Problems.error(origins.of(path), path, "given beside " + given.get(0) + "; " + allowed);
    }
    if (!field && axis.getValuesCount() > 0) {
      String path = Paths.child(at, "field");
      throw Problems.error(origins.of(path), path, "missing; Axis needs it (a text in quotes)");
    }
    if (field && axis.getValuesCount() == 0) {
      String path = Paths.child(at, "values");
      throw Problems.error(
          origins.of(path), path, "missing; Axis needs at least one (a text in quotes)");
    }
  }

  /** The run without its sweep; a block that only an axis gives is the axis's first one. */
  private Run base() {
    Run base = run.toBuilder().clearSweep().clearRepeats().build();
    for (int i = 0; i < run.getSweep().getAxisCount(); i++) {
      Setting first = Setting.of(run.getSweep().getAxis(i)).get(0);
      if (first.whole() && !base.hasField(Run.getDescriptor().findFieldByName(first.path()))) {
        base = first.replaceIn(base);
        origins.copy(Paths.child(axis(i), first.place()), first.path());
      }
    }
    return base;
  }

  private void path(String at, Axis axis) {
    Setting first = Setting.of(axis).get(0);
    String field = first.path();
    Origin origin =
        inAxis(first.whole() ? Paths.child(at, first.path()) : Paths.child(at, "field"));
    String found = "found " + ConfigText.quote(field);
    if (field.matches("sweep\\b.*")) {
      throw Problems.error(origin, "", found + "; allowed: a field outside the sweep");
    }
    if (field.equals("repeats")) {
      throw Problems.error(
          origin, "", found + "; allowed: another field, for every combination is repeated");
    }
    if (!varied.add(field)) {
      throw Problems.error(origin, "", found + " again; allowed: one axis for each field");
    }
    for (Axis other : run.getSweep().getAxisList()) {
      Setting block = Setting.of(other).get(0);
      if (block.whole() && !first.whole() && choosesIn(block, field)) {
        throw Problems.error(
            origin,
            "",
            found
                + " beside an axis of whole "
                + (block.path().equals(Setting.NETWORK) ? "networks" : "data sets")
                + ", whose choice it would overwrite; allowed: what all of them have; or write its"
                + " values out in that axis");
      }
    }
  }

  /** Whether a path leads to the block itself or to a member of its choice. */
  private static boolean choosesIn(Setting block, String path) {
    String[] names = path.split("\\.", -1);
    if (!names[0].strip().equals(block.path())) {
      return false;
    }
    FieldDescriptor member =
        names.length == 1
            ? null
            : block.block().getDescriptorForType().findFieldByName(names[1].strip());
    return names.length == 1 || (member != null && member.getContainingOneof() != null);
  }

  private void values(String at, Axis axis, Run base) {
    Set<Object> seen = new HashSet<>();
    for (Setting setting : Setting.of(axis)) {
      String place = Paths.child(at, setting.place());
      Origins there = new Origins(origins);
      if (!seen.add(setting.whole() ? Defaults.resolve(setting.block()) : setting.text())) {
        String what = setting.whole() ? setting.path() : "value";
        throw Problems.error(
            origins.of(place),
            place,
            "found " + setting.text() + " again; allowed: every " + what + " once");
      }
      Run variant;
      if (setting.whole()) {
        variant = setting.replaceIn(base);
        there.copy(place, setting.path());
      } else {
        Origin field = inAxis(Paths.child(at, "field"));
        variant =
            new Assignment(field, inAxis(place), setting.path(), setting.text())
                .applyTo(base, there);
      }
      Validator.check(variant, there);
    }
  }

  private Origin inAxis(String path) {
    return new Origin(origins.of(path) + ": " + path);
  }
}
