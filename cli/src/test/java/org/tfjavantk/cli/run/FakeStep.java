package org.tfjavantk.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.config.proto.Step;
import org.tfjavantk.graphs.UserException;

/**
 * A step that counts to three, keeps its count in a file, and can be told to fail. It consumes its
 * config, the seed, and what the train step consumed.
 */
public final class FakeStep implements StepRunner {
  private static final int WORK = 3;

  private final String title;

  /** What it did, in order. */
  public final List<String> log = new ArrayList<>();

  /** Fails after so many pieces of work; -1 never. */
  public int failAfter = -1;

  /** Refuses in prepare. */
  public boolean refuses;

  /** Stands for something outside the config that is read. */
  public String outside = "";

  FakeStep(String title) {
    this.title = title;
  }

  /** One for each kind that the test configs use. */
  public static Map<Step.KindCase, FakeStep> all() {
    return Map.of(
        Step.KindCase.TRAIN, new FakeStep("train"),
        Step.KindCase.EMPIRICAL_KERNEL, new FakeStep("empirical_kernel"),
        Step.KindCase.SPECTRUM, new FakeStep("spectrum"));
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public void prepare(StepContext context) {
    if (refuses) {
      throw new UserException(title + ": refused");
    }
  }

  @Override
  public String consumes(StepContext context) {
    return new Fingerprint()
        .add("step", context.step())
        .add("seed", context.run().getSeed())
        .add("train", context.earlier(Step.KindCase.TRAIN).map(StepContext::consumed).orElse(""))
        .add("outside", outside)
        .hex();
  }

  @Override
  public boolean intact(StepContext context) throws IOException {
    return count(file(context)) == WORK;
  }

  @Override
  public void run(StepContext context) throws IOException {
    Path file = context.makes("made/" + context.label() + ".txt");
    int done = count(file);
    log.add("from " + done);
    context.progress().start(WORK, "pieces");
    context.progress().resumed(done);
    context.metrics().keep(row -> row.number("piece").orElse(WORK) <= done);
    for (int piece = done + 1; piece <= WORK; piece++) {
      context.metrics().add(Map.of("piece", piece, "value", 0.5 * piece));
      if (piece - 1 == failAfter) {
        failAfter = -1;
        throw new IOException("the disk is on fire");
      }
      AtomicFiles.write(file, Integer.toString(piece));
      context.progress().advance(1);
    }
    context.report(
        ReportSection.titled("Fake " + title)
            .percent("share_done", 1)
            .paragraph("Seed " + context.run().getSeed() + " & <done>."));
  }

  private static Path file(StepContext context) {
    return context.directory().resolve("made/" + context.label() + ".txt");
  }

  private static int count(Path file) throws IOException {
    return Files.exists(file) ? Integer.parseInt(Files.readString(file)) : 0;
  }
}
