package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes in JSON are told as well as those in the text format. */
class JsonErrorsTest {
  static final String VALID =
      """
      {
        "name": "trial", "seed": "7",
        "device": {"kind": "CPU"},
        "dataset": {"mnist": {}, "train": 100, "classes": [3, 5]},
        "network": {"twoLayer": {"width": 16}, "weight_std": 1.5e0},
        "step": [
          {"train": {"epochs": 2, "batchSize": 10, "sgd": {}, "augment": null}},
          {"empirical_kernel": {"memory": "1GiB"}}
        ]
      }
      """;

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            "\"batchSize\"",
            "\"batchsize\"",
            "c.json:7:29: step[0].train.batchsize: no such field in Train; allowed: epochs, batch_size, loss, sgd, adam,"
                + " stop_at_accuracy, augment, precision; did you mean batch_size?"),
        Arguments.of(
            "\"CPU\"",
            "\"CPUU\"",
            "c.json:3:22: device.kind: found \"CPUU\"; allowed: \"AUTO\", \"CPU\", \"GPU\"; did you mean \"CPU\"?"),
        Arguments.of(
            "\"CPU\"",
            "true",
            "c.json:3:22: device.kind: found true; allowed: \"AUTO\", \"CPU\", \"GPU\""),
        Arguments.of(
            "\"7\"", "\"x\"", "c.json:2:28: seed: found \"x\"; allowed: an integer of at least 0"),
        Arguments.of(
            "\"train\": 100",
            "\"train\": -1",
            "c.json:4:37: dataset.train: found -1; allowed: an integer of at least 0"),
        Arguments.of(
            "\"trial\"",
            "5",
            "c.json:2:11: name: found 5; allowed: a text in quotes; did you mean \"5\"?"),
        Arguments.of(
            "[3, 5]",
            "[3, null]",
            "c.json:4:57: dataset.classes[1]: found null; allowed: an integer of at least 0"),
        Arguments.of(
            "[3, 5]",
            "3",
            "c.json:4:53: dataset.classes: found 3; allowed: a list [ ... ] of values that are each an integer of at least 0"),
        Arguments.of(
            "[3, 5]",
            "[[3]]",
            "c.json:4:54: dataset.classes[0]: found a list [ ... ]; allowed: an integer of at least 0"),
        Arguments.of(
            "\"sgd\": {}",
            "\"sgd\": []",
            "c.json:7:53: step[0].train.sgd: found a list [ ... ]; allowed: a block { ... }"),
        Arguments.of(
            "\"sgd\": {}, ",
            "",
            "c.json:7:6: step[0].train: no optimizer chosen; allowed: one of sgd, adam"),
        Arguments.of(
            "\"augment\": null",
            "\"adam\": {}",
            "c.json:7:57: step[0].train.adam: given beside \"sgd\" of c.json:7:46; allowed: one of sgd, adam"),
        Arguments.of(
            "\"augment\": null",
            "\"batch_size\": 4",
            "c.json:7:57: step[0].train.batch_size: given twice, first at c.json:7:42; allowed: once"),
        Arguments.of("\"1GiB\"", "\"1\"", null),
        Arguments.of(
            "\"1GiB\"",
            "1",
            "c.json:8:37: step[1].empirical_kernel.memory: found 1; allowed: "
                + Bytes.ALLOWED
                + "; did you mean \"1\"?"),
        Arguments.of(
            "\"name\":",
            "\"name\"",
            "c.json:2:10: found the text \"trial\" after \"name\"; a \":\" must follow"),
        Arguments.of(
            "\"name\"",
            "name",
            "c.json:2:3: found \"name\" where the name of a field in double quotes must stand"),
        Arguments.of(
            "\"trial\", ",
            "\"trial\" ",
            "c.json:2:19: found the text \"seed\"; a \",\" or the \"}\" for the \"{\" of line 1 must follow"),
        Arguments.of("[3, 5]", "[3, 5,]", "c.json:4:59: found \"]\" where a value must stand"),
        Arguments.of(
            "\"trial\"",
            "\"a\\x\"",
            "c.json:2:11: a bad escape in this text; allowed: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
        Arguments.of(
            "\"trial\"",
            "\"a\tb\"",
            "c.json:2:13: a text must not hold control characters; write \\t or \\u00XX"),
        Arguments.of(
            "  ]\n}\n",
            "  ]\n",
            "c.json:10:1: found the end; a \",\" or the \"}\" for the \"{\" of line 1 must follow"),
        Arguments.of(
            "  ]\n}\n", "  ]\n}}\n", "c.json:10:2: found \"}\" after the end of the config"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void tellsThePlaceAndTheRemedy(String before, String after, String message) {
    assertTrue(VALID.contains(before), before);
    String text = VALID.replace(before, after);
    if (message == null) {
      Configs.json(text);
    } else {
      assertEquals(message, Configs.jsonError(text));
    }
  }
}
