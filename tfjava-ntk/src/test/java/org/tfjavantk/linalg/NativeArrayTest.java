package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray.Window;

class NativeArrayTest {
  private static final int COUNT = 5000;

  private static NativeArray counted(Precision precision) {
    NativeArray array = NativeArray.allocate(precision, COUNT);
    if (precision == Precision.FLOAT32) {
      float[] values = new float[COUNT];
      for (int i = 0; i < COUNT; i++) {
        values[i] = i;
      }
      array.put(0, values, 0, COUNT);
    } else {
      array.put(0, numbers(0, COUNT), 0, COUNT);
    }
    return array;
  }

  private static double[] numbers(int first, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = first + i;
    }
    return values;
  }

  private static double[] values(NativeArray array, int from, int count) {
    double[] values = new double[count];
    if (array.precision() == Precision.FLOAT64) {
      array.get(from, values, count);
      return values;
    }
    float[] floats = new float[count + 3];
    array.get(from, floats, 3, count);
    for (int i = 0; i < count; i++) {
      values[i] = floats[3 + i];
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void memoryThatIsProvidedKeepsItsNumbers(Precision precision) {
    try (NativeArray array = counted(precision)) {
      array.provide(1, COUNT - 2);
      assertArrayEquals(numbers(0, COUNT), values(array, 0, COUNT));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aWindowCopiesAndClears(Precision precision) {
    try (NativeArray from = counted(precision);
        NativeArray to = counted(precision)) {
      Window window = to.window(100, 4000);
      window.copy(7, from.window(2000, 50), 10, 5);
      window.clear(20, 3000);

      assertArrayEquals(numbers(0, 107), values(to, 0, 107));
      assertArrayEquals(numbers(2010, 5), values(to, 107, 5));
      assertArrayEquals(numbers(112, 8), values(to, 112, 8));
      assertArrayEquals(new double[3000], values(to, 120, 3000));
      assertArrayEquals(numbers(3120, COUNT - 3120), values(to, 3120, COUNT - 3120));
    }
  }

  @Test
  void nothingReachesOutOfAWindow() {
    try (NativeArray array = counted(Precision.FLOAT32)) {
      assertThrows(IndexOutOfBoundsException.class, () -> array.window(COUNT - 5, 6));
      Window window = array.window(0, 10);
      assertThrows(IndexOutOfBoundsException.class, () -> window.copy(8, window, 0, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> window.clear(8, 3));
      assertEquals(7, values(array, 7, 1)[0]);
    }
  }

  @Test
  void onlyWhatIsThereIsProvided() {
    try (NativeArray array = counted(Precision.FLOAT64)) {
      assertThrows(IndexOutOfBoundsException.class, () -> array.provide(1, COUNT));
    }
  }
}
