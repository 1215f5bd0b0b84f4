package org.tfjavantk.cli.run;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.config.ConfigReader;
import org.tfjavantk.config.Defaults;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.config.proto.Step;

/** Runs of fake steps. */
public final class Fixture {
  public static final String CONFIG =
      """
      name: "fake"
      seed: 7
      dataset { circle {} train: 20 test: 10 }
      network { two_layer { width: 8 } }
      step { train { epochs: 2 sgd {} } }
      step { empirical_kernel { examples: 4 } }
      step { spectrum {} }
      """;

  public final Map<Step.KindCase, FakeStep> steps = FakeStep.all();
  public final StringWriter shown = new StringWriter();
  public final ProgressDisplay display =
      new ProgressDisplay(new PrintWriter(shown), false, 80, () -> 0L);

  public FakeStep train() {
    return steps.get(Step.KindCase.TRAIN);
  }

  public FakeStep kernel() {
    return steps.get(Step.KindCase.EMPIRICAL_KERNEL);
  }

  public FakeStep spectrum() {
    return steps.get(Step.KindCase.SPECTRUM);
  }

  public static Run config(String... overrides) {
    return Defaults.resolve(ConfigReader.parse("fake.textproto", CONFIG, List.of(overrides)));
  }

  public static Run sweep(String values) {
    String text = CONFIG + "sweep { axis { field: \"seed\" values: [" + values + "] } }\n";
    return Defaults.resolve(ConfigReader.parse("fake.textproto", text, List.of()));
  }

  /** The config with more text behind it. */
  public static Run with(String more) {
    return Defaults.resolve(ConfigReader.parse("fake.textproto", CONFIG + more, List.of()));
  }

  /** No machine at all: what it is doesn't matter here, and asking TensorFlow takes a second. */
  public static Environment environment(Run run) {
    return new Environment(
            "0",
            "abc",
            "0",
            "17",
            "none",
            2,
            0,
            1L << 30,
            1L << 29,
            List.of("CPU:0"),
            Map.of("SWITCH", "not set"),
            "",
            "",
            List.of())
        .forRun(Long.toUnsignedString(run.getSeed()), 0, "2025-01-02T03:04:05Z");
  }

  public RunExecutor executor() {
    return new RunExecutor(Map.copyOf(steps), List.of(), Fixture::environment, display);
  }

  public SweepExecutor sweeper() {
    return new SweepExecutor(executor(), Fixture::environment, display);
  }

  public Path execute(Path directory, String... overrides) throws java.io.IOException {
    return executor().execute(config(overrides), directory, false);
  }
}
