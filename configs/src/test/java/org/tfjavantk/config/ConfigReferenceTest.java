package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "config.md");
  private static final String WRITE = "ntk.write.docs";

  @Test
  void thePageInTheDocsIsUpToDate() throws IOException {
    String reference = ConfigReference.markdown();
    if (Boolean.getBoolean(WRITE)) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, reference);
    }
    assertEquals(
        reference,
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        "docs/config.md is stale; write it anew with: mvn -pl configs -am test -Dtest=ConfigReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -D"
            + WRITE
            + "=true");
  }

  @Test
  void aRowTellsTypeDefaultAllowedAndMeaning() {
    String reference = ConfigReference.markdown();
    for (String row :
        new String[] {
          "| `name` | text | required |  | Names the run and, unless output.dir says otherwise, its directory runs/&lt;name>. May differ when"
              + " a run is resumed. |",
          "| `device` | [Device](#device) | its defaults |  | Where the graphs run. |",
          "| `sgd` | [Sgd](#sgd) | one optimizer |  |",
          "| `momentum` | number | `0.9` | a number of at least 0 and below 1 |",
          "| `hidden` | list of integer | `[1024, 1024]` | an integer of at least 1 |",
          "| `kind` | name | `AUTO` | `AUTO`, `CPU`, `GPU` |"
        }) {
      assertTrue(reference.contains("\n" + row), row);
    }
  }

  @Test
  void everyLinkHasItsSection() {
    String reference = ConfigReference.markdown();
    Matcher link = Pattern.compile("\\[(\\w+)\\]\\(#(\\w+)\\)").matcher(reference);
    int links = 0;
    while (link.find()) {
      assertTrue(reference.contains("\n## " + link.group(1) + "\n"), link.group());
      links++;
    }
    assertTrue(links > 20, links + " links");
  }

  @Test
  void theExamplesOfTheIntroductionAreRight() {
    Matcher block = Pattern.compile("(?s)```\n(.*?)```").matcher(ConfigReference.markdown());
    assertTrue(block.find());
    String config = block.group(1);
    Configs.parse(config);
    assertTrue(block.find());
    String withTraining = config + "step { train { sgd {} } }";
    block
        .group(1)
        .lines()
        .map(line -> line.replaceFirst("^--set '?([^']*?)'?(  .*)?$", "$1"))
        .forEach(override -> Configs.parse("step { train { sgd {} } }" + config, override.strip()));
    assertTrue(block.find());
    Configs.parse(withTraining.replaceFirst("mlp \\{.*?\\}", "two_layer {}") + block.group(1));
  }
}
