package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'', abc, 3",
    "kitten, sitting, 3",
    "epochs, epohcs, 1",
    "ca, abc, 3",
    "flaw, lawn, 2"
  })
  void distanceCountsSwapsOnce(String a, String b, int expected) {
    assertEquals(expected, NearestName.distance(a, b));
    assertEquals(expected, NearestName.distance(b, a));
  }

  @ParameterizedTest
  @CsvSource({
    "epoch, epochs",
    "EPOCHS, epochs",
    "batch-size, batch_size",
    "bacth_size, batch_size",
    "learning_rte, learning_rate",
    "tset, test"
  })
  void findsTheNearest(String wrong, String expected) {
    List<String> names = List.of("epochs", "batch_size", "learning_rate", "train", "test");
    assertEquals(Optional.of(expected), NearestName.among(wrong, names));
  }

  @Test
  void staysSilentWhenNothingIsNear() {
    assertEquals(Optional.empty(), NearestName.among("colour", List.of("epochs", "train")));
    assertEquals(Optional.empty(), NearestName.among("x", List.of("y")));
    assertEquals(Optional.empty(), NearestName.among("epochs", List.of()));
  }

  @Test
  void prefersTheFirstOfEquallyNearNames() {
    assertEquals(Optional.of("bat"), NearestName.among("cat", List.of("bat", "hat")));
  }
}
