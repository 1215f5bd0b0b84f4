package org.tfjavantk.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.cli.files.RunProgress;
import org.tfjavantk.cli.files.StepProgress;

class HtmlReportTest {
  @TempDir private Path folder;

  private String report() throws IOException {
    return Files.readString(HtmlReport.write(folder, "my <run>"));
  }

  private ReportSection section() throws IOException {
    ReportSection section =
        ReportSection.titled("Training")
            .percent("test_accuracy", 0.8731)
            .figure("loss", Double.NaN)
            .paragraph("a < b & c")
            .warning("mind the gap")
            .table(
                "by epoch",
                List.of("epoch", "note"),
                List.of(List.of("1", "x"), List.of("2", "y")));
    return section.picture(
        new PlotWriter(folder, true)
            .write("loss", Plots.lines("Loss", "epoch", "loss"), "how it fell")
            .orElseThrow());
  }

  @Test
  void sectionsSurviveTheirFiles() throws IOException {
    ReportSection section = section();
    Path file = folder.resolve("sections/1-train.json");
    section.write(file);
    assertEquals(section, ReportSection.read(file));
  }

  @Test
  void theReportHoldsAllAndNeedsNothingElse() throws IOException {
    section().write(folder.resolve("sections/1-train.json"));
    StepProgress step =
        StepProgress.waiting("train").started("h").with("checkpoint").worked(2.5, 3L << 30);
    new RunProgress(List.of(step.done())).write(folder);
    Files.writeString(folder.resolve("config.textproto"), "name: \"my <run>\"\n");
    new Environment(
            "0.1",
            "abc",
            "2.18",
            "17",
            "Linux",
            2,
            0,
            1L << 30,
            1L << 29,
            List.of("CPU:0"),
            Map.of("NVIDIA_TF32_OVERRIDE", "0"),
            "7",
            "2025-01-02T03:04:05Z",
            List.of("2025-01-03"))
        .write(folder);
    String html = report();
    for (String part :
        List.of(
            "<h1>my &lt;run&gt;",
            "complete",
            "Training",
            "87.31%",
            "test accuracy",
            "NaN",
            "a &lt; b &amp; c",
            "mind the gap",
            "by epoch",
            "class=\"number\">2<",
            "data:image/png;base64,",
            "how it fell",
            "2.5 s",
            "3GiB",
            "checkpoint",
            "commit abc",
            "NVIDIA_TF32_OVERRIDE: 0",
            "name: &quot;my &lt;run&gt;&quot;",
            "1GiB",
            "2025-01-03")) {
      assertTrue(html.contains(part), "lacks " + part);
    }
    assertFalse(html.contains("http:") || html.contains("https:"), "nothing from the web");
    Matcher links = Pattern.compile("(?:src|href)=\"([^\"]{0,20})").matcher(html);
    while (links.find()) {
      assertTrue(links.group(1).startsWith("data:"), links.group(1));
    }
    assertFalse(html.contains("url("), "no resources in the style");
  }

  @Test
  void sectionsStandInTheOrderOfTheSteps() throws IOException {
    ReportSection.titled("tenth").write(folder.resolve("sections/10-spectrum.json"));
    ReportSection.titled("second").write(folder.resolve("sections/2-train.json"));
    Files.writeString(folder.resolve("sections/3-x.json.part"), "half a fi");
    assertEquals(
        List.of("second", "tenth"),
        HtmlReport.sections(folder).stream().map(ReportSection::title).toList());
    assertTrue(report().indexOf("second") < report().indexOf("tenth"));
  }

  @Test
  void aMissingPictureIsSaid() throws IOException {
    section().write(folder.resolve("sections/1-train.json"));
    Files.delete(folder.resolve("plots/loss.png"));
    assertTrue(report().contains("plots/loss.png is no longer there"));
  }
}
