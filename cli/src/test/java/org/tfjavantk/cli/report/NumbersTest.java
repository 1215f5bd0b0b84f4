package org.tfjavantk.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void fourDigits() {
    assertEquals("0", Numbers.brief(-0.0));
    assertEquals("0.1235", Numbers.brief(0.123456));
    assertEquals("12.35", Numbers.brief(12.3456));
    assertEquals("10000", Numbers.brief(10000));
    assertEquals("-2.5", Numbers.brief(-2.5));
    assertEquals("1.2e-07", Numbers.brief(1.2e-7));
    assertEquals("1e+20", Numbers.brief(1e20));
    assertEquals("NaN", Numbers.brief(Double.NaN));
  }

  @Test
  void durations() {
    assertEquals("0.4 s", Numbers.duration(0.4));
    assertEquals("99.9 s", Numbers.duration(99.94));
    assertEquals("1 min 40 s", Numbers.duration(99.96));
    assertEquals("2 h 5 min", Numbers.duration(7500));
  }

  @Test
  void percents() {
    assertEquals("87.30%", Numbers.percent(0.873, 2));
  }

  @Test
  void ticksAreRound() {
    assertEquals(List.of(0.0, 2.0, 4.0, 6.0, 8.0, 10.0), Ticks.linear(0, 10, 5));
    assertEquals(List.of(-10.0, 0.0, 10.0), Ticks.linear(-18, 18, 4));
    assertEquals(List.of(3.0), Ticks.linear(3, 3, 5));
  }
}
