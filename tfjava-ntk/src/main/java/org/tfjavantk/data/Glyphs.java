package org.tfjavantk.data;

/**
 * The digits as strokes in the unit square, x to the right and y down. A digit has several ways of
 * being written.
 */
final class Glyphs {
  /**
   * A line through points {@code x0, y0, x1, y1, ...}, straight between them or a Catmull-Rom
   * spline.
   */
  record Stroke(boolean smooth, boolean closed, double... points) {}

  private static final Stroke[][][] DIGITS = {
    {
      {closed(.5, .05, .71, .16, .78, .5, .71, .84, .5, .95, .29, .84, .22, .5, .29, .16)},
    },
    {
      {line(.5, .05, .5, .5, .5, .95)},
      {line(.3, .3, .53, .05, .53, .5, .53, .95)},
      {line(.32, .26, .52, .05, .52, .95), line(.3, .95, .74, .95)},
    },
    {
      {
        curve(.22, .28, .32, .1, .54, .05, .74, .18, .71, .4, .48, .66, .22, .93),
        line(.22, .93, .8, .93)
      },
      {
        curve(.24, .24, .42, .06, .68, .13, .73, .34, .52, .64, .24, .9),
        curve(.24, .9, .38, .82, .58, .93, .8, .88)
      },
    },
    {
      {
        curve(.24, .14, .48, .05, .72, .16, .69, .37, .44, .47),
        curve(.44, .47, .75, .57, .77, .81, .5, .95, .22, .86)
      },
      {line(.24, .07, .74, .07, .46, .41), curve(.46, .41, .74, .51, .78, .74, .56, .95, .24, .88)},
    },
    {
      {line(.3, .06, .22, .58, .82, .58), line(.66, .26, .64, .97)},
      {line(.62, .05, .2, .66, .84, .66), line(.62, .05, .62, .97)},
    },
    {
      {
        line(.74, .07, .33, .07, .29, .46),
        curve(.29, .46, .52, .38, .75, .52, .75, .77, .54, .94, .24, .87)
      },
      {
        line(.36, .1, .3, .48),
        curve(.3, .48, .56, .42, .75, .6, .7, .84, .46, .95, .24, .84),
        line(.36, .08, .78, .06)
      },
    },
    {
      {curve(.68, .07, .42, .2, .26, .5, .28, .8, .5, .95, .72, .82, .7, .6, .5, .51, .29, .66)},
      {curve(.42, .05, .3, .4, .26, .72, .44, .95, .7, .88, .72, .66, .52, .57, .28, .72)},
    },
    {
      {line(.22, .08, .78, .07, .56, .5, .42, .95)},
      {line(.22, .08, .78, .07, .58, .5, .46, .95), line(.38, .5, .76, .48)},
      {curve(.2, .12, .5, .07, .78, .1, .58, .5, .48, .95)},
    },
    {
      {
        closed(.5, .05, .7, .16, .69, .38, .5, .48, .31, .38, .3, .16),
        closed(.5, .48, .74, .6, .74, .83, .5, .95, .26, .83, .26, .6)
      },
      {
        closed(
            .5, .48, .3, .32, .34, .11, .52, .05, .7, .14, .68, .32, .5, .48, .28, .66, .28, .86,
            .5, .95, .73, .85, .72, .65)
      },
    },
    {
      {
        curve(.72, .32, .5, .48, .28, .36, .31, .14, .53, .05, .71, .18, .73, .4, .68, .7, .54, .95)
      },
      {
        closed(.52, .05, .7, .16, .69, .38, .5, .48, .31, .38, .31, .15),
        line(.7, .18, .7, .55, .68, .95)
      },
    },
  };

  private Glyphs() {}

  static int digits() {
    return DIGITS.length;
  }

  /** The ways of writing a digit. */
  static Stroke[][] of(int digit) {
    return DIGITS[digit];
  }

  private static Stroke line(double... points) {
    return new Stroke(false, false, points);
  }

  private static Stroke curve(double... points) {
    return new Stroke(true, false, points);
  }

  private static Stroke closed(double... points) {
    return new Stroke(true, true, points);
  }
}
