package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/** Configs and shorthands for the tests. */
final class Configs {
  /** A valid config that uses most kinds of syntax. Tests count its lines. */
  static final String VALID =
      """
      # A comment.
      name: "trial" seed: 7
      device { kind: CPU threads: 2 }
      dataset {
        mnist {}
        train: 100
        classes: [3, 5]
        preprocess { mean: 0.5 std: [0.25] }
      }
      network: { mlp { hidden: 16, hidden: 8; activation: ERF } }
      step { train { epochs: 2 sgd { learning_rate: 1e-1 } augment < flip: true > } }
      step [ { empirical_kernel { memory: "1" 'GiB' } }, { kernel_regression {} } ]
      sweep { axis { field: 'seed' values: ["1", "2"] } }
      output { dir: "a\\tb/\\303\\251" plots: false }
      """;

  private Configs() {}

  static Run parse(String text, String... overrides) {
    return ConfigReader.parse("c.textproto", text, List.of(overrides));
  }

  static Run json(String text) {
    return ConfigReader.parse("c.json", text, List.of());
  }

  static String error(String text, String... overrides) {
    return assertThrows(UserException.class, () -> parse(text, overrides)).getMessage();
  }

  static String jsonError(String text) {
    return assertThrows(UserException.class, () -> json(text)).getMessage();
  }
}
