package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfjavantk.config.proto.Run;

class ConfigTextTest {
  @Test
  void printsForPeople() {
    String text =
        """
        name: "trial"
        seed: 18446744073709551615

        dataset {
          mnist {}
          classes: [3, 5]
          preprocess {
            mean: [0.5]
          }
        }

        network {
          logistic {}
        }

        step {
          train {
            epochs: 0
            sgd {
              learning_rate: 1e-6
            }
          }
        }
        """;
    assertEquals(text, ConfigText.print(Configs.parse(text)));
  }

  @Test
  void readsBackToTheSameHereAndInProtobuf() throws TextFormat.ParseException {
    for (Run run :
        new Run[] {Configs.parse(Configs.VALID), Defaults.resolve(Configs.parse(Configs.VALID))}) {
      String text = ConfigText.print(run);
      assertEquals(run, Configs.parse(text));
      assertEquals(run, TextFormat.parse(text, Run.class));
      assertEquals(text, ConfigText.print(Configs.parse(text)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "10, 10",
    "0.1, 0.1",
    "1e-6, 1e-6",
    "0.0001, 0.0001",
    "5e-4, 0.0005",
    "2.5e-7, 2.5e-7",
    "-1.25e-10, -1.25e-10",
    "123456789, 123456789",
    "1e15, 1000000000000000",
    "1e16, 1e16",
    "1.5e300, 1.5e300",
    "4.9e-324, 4.9e-324",
    "1.7976931348623157e308, 1.7976931348623157e308",
    "1.4142135623730951, 1.4142135623730951"
  })
  void numbersAreShort(double value, String expected) {
    assertEquals(expected, ConfigText.number(value));
  }

  @Test
  void numbersKeepTheirPrecision() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertEquals(value, Double.parseDouble(ConfigText.number(value)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a\"b\\c'd",
        "tab\t line\n bell\u0007 null\u0000 del\u007f",
        "\u00e9\u4e16\ud83d\ude00"
      })
  void textsSurvive(String text) {
    Run run = Configs.parse(Configs.VALID);
    run = run.toBuilder().setOutput(run.getOutput().toBuilder().setDir(text)).build();
    String printed = ConfigText.print(run);
    assertEquals(run, Configs.parse(printed));
    assertTrue(printed.chars().allMatch(c -> c == '\n' || c >= ' '), printed);
  }
}
