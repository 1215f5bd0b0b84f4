package org.tfjavantk.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.config.Bytes;

/** An {@link Environment} as pairs of words: what, and its value; lines parted by line ends. */
public final class EnvironmentFacts {
  private EnvironmentFacts() {}

  /** All that is known, in the order in which it is shown. */
  public static List<List<String>> of(Environment environment) {
    List<List<String>> facts = new ArrayList<>();
    String commit = environment.commit();
    facts.add(
        List.of("tfjava-ntk", environment.ntk() + (commit.isEmpty() ? "" : ", commit " + commit)));
    facts.add(List.of("TensorFlow", environment.tensorflow()));
    facts.add(List.of("Java", environment.java()));
    facts.add(List.of("system", environment.os()));
    facts.add(List.of("devices", String.join("\n", environment.devices())));
    facts.add(
        List.of(
            "threads",
            environment.threads() == 0
                ? "all of " + environment.cores() + " cores"
                : environment.threads() + " on " + environment.cores() + " cores"));
    facts.add(
        List.of(
            "memory",
            Bytes.format(environment.memoryBytes())
                + ", Java heap at most "
                + Bytes.format(environment.heapBytes())));
    facts.add(
        List.of(
            "precision switches",
            environment.precision().entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("\n"))));
    if (!environment.seed().isEmpty()) {
      facts.add(List.of("seed", environment.seed()));
      facts.add(List.of("started", environment.started()));
    }
    if (!environment.resumed().isEmpty()) {
      facts.add(List.of("resumed", String.join("\n", environment.resumed())));
    }
    return facts;
  }
}
