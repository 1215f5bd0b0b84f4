package org.tfjavantk.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.tfjavantk.graphs.UserException;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;

/**
 * The cropped digits of SVHN: a MATLAB v5 file with {@code X} (32 x 32 x 3 x n, bytes, first index
 * fastest) and {@code y} (n x 1), where label 10 means the digit 0.
 */
final class SvhnFile {
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int PLANE = SIDE * SIDE;
  private static final int ZERO_DIGIT = 10;

  private SvhnFile() {}

  static RawPart read(Path path) {
    try (MatFile file = Mat5.readFromFile(path.toFile())) {
      return read(path, file);
    } catch (UserException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library reports a damaged file by exceptions of many types.
      throw new UserException(
          path
              + ": cannot be read as a MATLAB v5 file with X and y: "
              + e
              + "; the file is incomplete or damaged: delete it and fetch it again",
          e);
    }
  }

  private static RawPart read(Path path, MatFile file) {
    Matrix images = file.getMatrix("X");
    Matrix labels = file.getMatrix("y");
    int[] shape = images.getDimensions();
    if (shape.length < 3 || shape[0] != SIDE || shape[1] != SIDE || shape[2] != CHANNELS) {
      throw new UserException(
          path + ": X has shape " + Arrays.toString(shape) + ", expected [32, 32, 3, n]");
    }
    // MATLAB drops a last dimension of 1.
    int count = shape.length > 3 ? shape[3] : 1;
    if (labels.getNumElements() != count) {
      throw new UserException(
          "%s: y has %d labels for the %d images of X"
              .formatted(path, labels.getNumElements(), count));
    }
    byte[][] rows = new byte[count][CHANNELS * PLANE];
    int[] classes = new int[count];
    for (int i = 0; i < count; i++) {
      copyImage(images, i, rows[i]);
      double label = labels.getDouble(i);
      if (!(label >= 1 && label <= ZERO_DIGIT && label == Math.rint(label))) {
        throw new UserException(
            "%s: y[%d] = %s; the labels of svhn are 1 to 10 (10 is the digit 0)"
                .formatted(path, i, label));
      }
      classes[i] = (int) label % ZERO_DIGIT;
    }
    return new RawPart(ElementType.U1, new int[] {SIDE, SIDE, CHANNELS}, rows, classes);
  }

  private static void copyImage(Matrix images, int image, byte[] row) {
    int at = image * CHANNELS * PLANE;
    for (int c = 0; c < CHANNELS; c++) {
      for (int x = 0; x < SIDE; x++) {
        for (int y = 0; y < SIDE; y++) {
          row[(y * SIDE + x) * CHANNELS + c] = (byte) images.getShort(at++);
        }
      }
    }
  }
}
