package org.tfjavantk.deepnarrow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.UserException;

class DeepExamplesTest {
  /** Images 2 x 4 of two channels that count up; label i mod classes. */
  private record Counting(int classes) implements Examples {
    @Override
    public int count() {
      return 5;
    }

    @Override
    public int[] shape() {
      return new int[] {2, 4, 2};
    }

    @Override
    public int label(int i) {
      return i % classes;
    }

    @Override
    public void read(int i, double[] into, int offset) {
      for (int k = 0; k < 16; k++) {
        into[offset + k] = 100 * i + k;
      }
    }
  }

  @Test
  void averagesOverSquares() {
    DeepExamples images = DeepExamples.images(new Counting(2), 2);
    assertArrayEquals(new int[] {1, 2, 2}, images.shape());
    // Pixels 0, 1 of both rows: channel 0 has 0, 2, 8, 10.
    assertArrayEquals(new double[] {105, 106, 109, 110}, images.read(1), 1e-12);
    assertThrows(UserException.class, () -> DeepExamples.images(new Counting(2), 3));
    assertArrayEquals(new int[] {1, 1, 16}, DeepExamples.vectors(new Counting(2)).shape());
  }

  /** Of one output the nearest label, whatever its sign and size; of several the largest. */
  @Test
  void namesTheNearestLabel() {
    DeepExamples two = DeepExamples.vectors(new Counting(2));
    double[][] right = {{-1}, {1.6}, {0.49}, {0.5}, {-300}};
    assertEquals(5, two.correct(right, 0));
    assertEquals(0, two.correct(new double[][] {{-1}, {1.6}}, 1));
    DeepExamples three = DeepExamples.vectors(new Counting(3));
    assertEquals(2, three.correct(new double[][] {{2, 1, 0}, {-3, -1, -2}, {0, 1, 0}}, 0));
  }

  @Test
  void twoClassesHaveOneTarget() {
    int[] order = {1, 4, 2};
    assertArrayEquals(
        new double[] {1}, DeepExamples.vectors(new Counting(2)).targets(order, 0, 1)[0]);
    double[][] three = DeepExamples.vectors(new Counting(3)).targets(order, 1, 3);
    assertArrayEquals(new double[] {0, 1, 0}, three[0]);
    assertArrayEquals(new double[] {0, 0, 1}, three[1]);
    assertEquals(1, DeepExamples.outputs(2));
    assertEquals(10, DeepExamples.outputs(10));
  }
}
