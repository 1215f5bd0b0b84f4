package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.tfjavantk.cli.report.LinePlot;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.report.RunPlots;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.proto.Train;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.train.Checkpoint;
import org.tfjavantk.train.EpochMetrics;
import org.tfjavantk.train.TrainListener;
import org.tfjavantk.train.TrainSpec;
import org.tfjavantk.train.Trainer;

/**
 * Trains the network, from where an earlier train step left it; leaves {@code
 * checkpoint/<step>.npz}.
 */
final class TrainStep implements StepRunner {
  private final RunInputs inputs;

  TrainStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public String title() {
    return "train";
  }

  @Override
  public boolean precedesShares() {
    return true;
  }

  @Override
  public void prepare(StepContext context) {
    Dataset data = inputs.dataset(context);
    inputs.network(context).shape(data.train().shape());
    spec(context);
  }

  private TrainSpec spec(StepContext context) {
    int[] shape = inputs.dataset(context).train().shape();
    return Build.train(context.run(), context.step().getTrain(), shape[shape.length - 1]);
  }

  @Override
  public String consumes(StepContext context) throws IOException {
    Dataset data = inputs.dataset(context);
    return new Fingerprint()
        .add("parameters", Parameters.hash(context))
        .add("seed", Build.trainingSeed(context.run()))
        .add("network", context.run().getNetwork())
        .add("train", context.step().getTrain())
        .add("examples", inputs.fingerprint(data.train()))
        .add("validation", inputs.fingerprint(data.validation()))
        .add("test", inputs.fingerprint(data.test()))
        .hex();
  }

  @Override
  public boolean intact(StepContext context) {
    return Files.exists(context.directory().resolve(Parameters.checkpointName(context)));
  }

  @Override
  public void run(StepContext context) throws IOException {
    Train train = context.step().getTrain();
    Dataset data = inputs.dataset(context);
    Path checkpoint = context.makes(Parameters.checkpointName(context));
    Metrics metrics = context.metrics();
    metrics.keep(row -> false); // the checkpoint knows all epochs
    List<EpochMetrics> before =
        Checkpoint.read(checkpoint).map(Checkpoint::epochs).orElse(List.of());
    for (EpochMetrics epoch : before) {
      metrics.add(fields(epoch));
    }
    long examples = data.train().count();
    context.progress().start(train.getEpochs() * examples, "images");
    context.progress().resumed(before.size() * examples);
    List<EpochMetrics> epochs;
    try (GraphModel model =
        inputs
            .network(context)
            .build(
                data.train().shape(),
                Build.precision(train.getPrecision()),
                Build.trainingSeed(context.run()),
                Build.device(context.run()))) {
      Parameters.assign(context, model);
      epochs = new Trainer(model, spec(context)).run(data, checkpoint, listener(context));
      report(context, epochs, model.parameterCount(), data);
    }
  }

  private static TrainListener listener(StepContext context) {
    return new TrainListener() {
      private int done;

      @Override
      public void batch(int epoch, int examples, int total) {
        context.progress().advance(examples - done);
        done = examples == total ? 0 : examples;
      }

      @Override
      public void epoch(EpochMetrics epoch) {
        context
            .progress()
            .note(
                String.format(
                    Locale.ROOT,
                    "epoch %d: loss %.4f, accuracy %.2f%%%s",
                    epoch.epoch(),
                    epoch.trainLoss(),
                    100 * epoch.trainAccuracy(),
                    epoch.testAccuracy() == null
                        ? ""
                        : String.format(Locale.ROOT, ", test %.2f%%", 100 * epoch.testAccuracy())));
        try {
          context.metrics().add(fields(epoch));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    };
  }

  private static Map<String, Object> fields(EpochMetrics epoch) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("epoch", epoch.epoch());
    fields.put("learning_rate", epoch.learningRate());
    fields.put("train_loss", epoch.trainLoss());
    fields.put("train_accuracy", epoch.trainAccuracy());
    if (epoch.validationAccuracy() != null) {
      fields.put("validation_loss", epoch.validationLoss());
      fields.put("validation_accuracy", epoch.validationAccuracy());
    }
    if (epoch.testAccuracy() != null) {
      fields.put("test_loss", epoch.testLoss());
      fields.put("test_accuracy", epoch.testAccuracy());
    }
    fields.put("seconds", epoch.seconds());
    return fields;
  }

  private static void report(
      StepContext context, List<EpochMetrics> epochs, long parameters, Dataset data)
      throws IOException {
    ReportSection section = ReportSection.titled("Training");
    if (!epochs.isEmpty()) {
      EpochMetrics last = epochs.get(epochs.size() - 1);
      if (last.testAccuracy() != null) {
        section = section.percent("test_accuracy", last.testAccuracy());
      }
      section =
          section
              .percent("train_accuracy", last.trainAccuracy())
              .figure("epochs", epochs.size(), Integer.toString(epochs.size()))
              .figure("parameters", parameters, String.format(Locale.ROOT, "%,d", parameters));
      section =
          section.paragraph(
              String.format(
                  Locale.ROOT,
                  "%,d training and %,d test examples, %s. Training loss and accuracy are means over"
                      + " an epoch while the parameters move; the others are measured after it.",
                  data.train().count(),
                  data.test().count(),
                  DrawnExamples.words(context.run(), data)));
      section = pictures(context, section, epochs);
    }
    context.report(table(section, epochs));
  }

  /** One row for every epoch; sets that are not there have no columns. */
  private static ReportSection table(ReportSection section, List<EpochMetrics> epochs) {
    Map<String, Function<EpochMetrics, String>> columns = new LinkedHashMap<>();
    columns.put("epoch", epoch -> Integer.toString(epoch.epoch()));
    columns.put("learning rate", epoch -> number("%.3g", epoch.learningRate()));
    columns.put("train loss", epoch -> number("%.4f", epoch.trainLoss()));
    columns.put("train accuracy", epoch -> percent(epoch.trainAccuracy()));
    columns.put("validation loss", epoch -> number("%.4f", epoch.validationLoss()));
    columns.put("validation accuracy", epoch -> percent(epoch.validationAccuracy()));
    columns.put("test loss", epoch -> number("%.4f", epoch.testLoss()));
    columns.put("test accuracy", epoch -> percent(epoch.testAccuracy()));
    columns.put("seconds", epoch -> number("%.1f", epoch.seconds()));
    columns
        .values()
        .removeIf(column -> epochs.stream().allMatch(epoch -> column.apply(epoch).isEmpty()));
    List<List<String>> rows =
        epochs.stream()
            .map(epoch -> columns.values().stream().map(column -> column.apply(epoch)).toList())
            .toList();
    return section.table("Epochs", List.copyOf(columns.keySet()), rows);
  }

  private static ReportSection pictures(
      StepContext context, ReportSection section, List<EpochMetrics> epochs) throws IOException {
    double[] numbers = epochs.stream().mapToDouble(EpochMetrics::epoch).toArray();
    List<RunPlots.Curve> loss = new ArrayList<>();
    List<RunPlots.Curve> accuracy = new ArrayList<>();
    curve(loss, "train", epochs, EpochMetrics::trainLoss);
    curve(loss, "validation", epochs, EpochMetrics::validationLoss);
    curve(loss, "test", epochs, EpochMetrics::testLoss);
    curve(accuracy, "train", epochs, EpochMetrics::trainAccuracy);
    curve(accuracy, "validation", epochs, EpochMetrics::validationAccuracy);
    curve(accuracy, "test", epochs, EpochMetrics::testAccuracy);
    LinePlot lossPlot = RunPlots.loss(numbers, loss);
    LinePlot accuracyPlot = RunPlots.accuracy(numbers, accuracy);
    Map<String, LinePlot> plots = new LinkedHashMap<>();
    plots.put("loss", lossPlot);
    plots.put("accuracy", accuracyPlot);
    for (var entry : plots.entrySet()) {
      var picture =
          context
              .plots()
              .write(
                  context.label() + "-" + entry.getKey(),
                  entry.getValue(),
                  "Learning curve: " + entry.getKey() + " by epoch.");
      if (picture.isPresent()) {
        section = section.picture(picture.get());
      }
    }
    return section;
  }

  private static void curve(
      List<RunPlots.Curve> curves,
      String name,
      List<EpochMetrics> epochs,
      Function<EpochMetrics, Double> value) {
    if (value.apply(epochs.get(0)) != null) {
      double[] values = epochs.stream().mapToDouble(value::apply).toArray();
      curves.add(new RunPlots.Curve(name, values));
    }
  }

  private static String number(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  private static String percent(Double fraction) {
    return fraction == null ? "" : String.format(Locale.ROOT, "%.2f%%", 100 * fraction);
  }
}
