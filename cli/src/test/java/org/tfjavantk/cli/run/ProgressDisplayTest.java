package org.tfjavantk.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
  private final StringWriter shown = new StringWriter();
  private long now;

  private ProgressDisplay display(boolean terminal) {
    return new ProgressDisplay(new PrintWriter(shown), terminal, 100, () -> now);
  }

  private void seconds(double seconds) {
    now += (long) (seconds * 1e9);
  }

  @Test
  void plainLinesComeEveryFewSeconds() {
    ProgressDisplay display = display(false);
    display.stepStarted("[1/2] train");
    display.start(100, "tiles");
    for (int i = 0; i < 50; i++) {
      seconds(0.2);
      display.advance(1);
    }
    display.stepEnded("[1/2] train", "done in 10.0 s");
    assertEquals(
        """
        [1/2] train: started
        [1/2] train:  25%  25/100 tiles  5 tiles/s  15.0 s left
        [1/2] train:  50%  50/100 tiles  5 tiles/s  10.0 s left
        [1/2] train: done in 10.0 s
        """,
        shown.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void whatWasDoneBeforeDoesNotCountForTheRate() {
    ProgressDisplay display = display(false);
    display.stepStarted("s");
    display.start(100, "tiles");
    display.resumed(80);
    seconds(10);
    display.advance(10);
    assertTrue(
        shown.toString().contains("90%  90/100 tiles  1 tiles/s  10.0 s left"), shown::toString);
  }

  @Test
  void theBarIsDrawnOverAndErased() {
    ProgressDisplay display = display(true);
    display.stepStarted("[1/1] train");
    display.start(4, "epochs");
    seconds(1);
    display.advance(2);
    display.note("loss 0.5");
    display.message("a line that stays");
    String text = shown.toString();
    assertTrue(text.contains("\r\u001b[K[1/1] train [============>           ]  50%  2/4 epochs"));
    int line = text.indexOf("\r\u001b[Ka line that stays" + System.lineSeparator());
    assertTrue(line > 0, "erased first");
    assertTrue(text.indexOf("2 epochs/s  1.0 s left  loss 0.5", line) > line, "drawn again");
  }

  @Test
  void aBarNeverWrapsAround() {
    ProgressDisplay display = new ProgressDisplay(new PrintWriter(shown), true, 40, () -> now);
    display.stepStarted("[1/1] a step with quite a long name, longer than the terminal is wide");
    for (String line : shown.toString().split("\r")) {
      assertTrue(line.replace("\u001b[K", "").length() < 40);
    }
  }
}
