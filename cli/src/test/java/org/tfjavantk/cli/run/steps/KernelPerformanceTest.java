package org.tfjavantk.cli.run.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.empirical.Operations;

/** Rates and shares, worked out by hand. */
class KernelPerformanceTest {
  private static KernelPerformance performance(double pilot) {
    return new KernelPerformance(36, pilot, 40, 10, 25, new Operations(1e12, 3e12), 200e9);
  }

  @Test
  void sharesAreOfTheRateOfAMatrixProduct() {
    Map<String, Object> fields = performance(3).fields();
    assertEquals("pilot", fields.get("predicted_by"));
    assertEquals(36.0, fields.get("predicted_seconds"));
    assertEquals(4e12, fields.get("flops"));
    assertEquals(100.0, fields.get("gflops"));
    assertEquals(200.0, (double) fields.get("gemm_peak_gflops"), 1e-9);
    assertEquals(50.0, fields.get("percent_of_peak"));
    assertEquals(60.0, (double) fields.get("contraction_percent_of_peak"), 1e-9);
  }

  @Test
  void theReportSaysWhatWasPredictedAndByWhat() {
    ReportSection.Table table =
        performance(3).addTo(ReportSection.titled("Kernel")).tables().get(0);
    assertEquals("Performance", table.caption());
    assertTrue(table.rows().contains(List.of("time", "40.0 s")), table::toString);
    assertTrue(
        table.rows().contains(List.of("predicted", "36.0 s, by a pilot of 3.0 s before")),
        table::toString);
    assertTrue(table.rows().contains(List.of("share of the peak", "50.0%")), table::toString);
    assertTrue(
        performance(0)
            .addTo(ReportSection.titled("Kernel"))
            .tables()
            .get(0)
            .rows()
            .contains(List.of("predicted", "36.0 s, at 60% of the peak")));
    assertEquals("peak", performance(0).fields().get("predicted_by"));
  }
}
