package org.tfjavantk.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.ReportSection.Figure;

class RepeatStatisticsTest {
  private static RepeatStatistics of(double... values) {
    List<Figure> figures =
        Arrays.stream(values).mapToObj(v -> new Figure("x", v, Numbers.brief(v))).toList();
    return RepeatStatistics.of(figures);
  }

  /** Sample variance of 1, 2, 3, 4 is 5/3; over four it is 5/12. */
  @Test
  void meanAndStandardErrorByHand() {
    RepeatStatistics found = of(1, 2, 3, 4);
    assertEquals(2.5, found.mean(), 1e-15);
    assertEquals(Math.sqrt(5.0 / 12), found.standardError(), 1e-15);
    assertEquals("2.5 ± 0.6455", found.text());
  }

  @Test
  void aLargeOffsetDoesNotHideTheSpread() {
    RepeatStatistics found = of(1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4);
    assertEquals(Math.sqrt(5.0 / 12), found.standardError(), 1e-12);
  }

  @Test
  void percentStaysPercent() {
    RepeatStatistics found =
        RepeatStatistics.of(
            List.of(new Figure("accuracy", 0.5, "50%"), new Figure("accuracy", 0.6, "60%")));
    assertEquals("55.00% ± 5.00%", found.text());
  }

  @Test
  void equalValuesAreShownAsTheyAre() {
    RepeatStatistics found =
        RepeatStatistics.of(
            List.of(new Figure("p", 62006, "62,006"), new Figure("p", 62006, "62,006")));
    assertEquals("62,006", found.text());
    assertEquals(0, found.standardError());
  }

  @Test
  void oneRepeatHasNoStandardError() {
    RepeatStatistics found = of(3);
    assertEquals(3, found.mean());
    assertTrue(Double.isNaN(found.standardError()));
    assertEquals("3", found.text());
  }

  @Test
  void whatIsNotANumberIsNotHidden() {
    RepeatStatistics found = of(1, Double.NaN);
    assertTrue(Double.isNaN(found.mean()));
    assertEquals("NaN ± NaN", found.text());
  }
}
