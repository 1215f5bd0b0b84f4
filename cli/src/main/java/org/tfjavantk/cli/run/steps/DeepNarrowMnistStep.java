package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.cli.report.LinePlot;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.Plots;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.proto.DeepNarrowInit;
import org.tfjavantk.config.proto.DeepNarrowMnist;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.deepnarrow.DeepExamples;
import org.tfjavantk.deepnarrow.DeepNarrow;
import org.tfjavantk.deepnarrow.DeepNetwork;
import org.tfjavantk.deepnarrow.DeepTraining;
import org.tfjavantk.deepnarrow.GraphNetwork;
import org.tfjavantk.deepnarrow.Image;
import org.tfjavantk.deepnarrow.Initialization;
import org.tfjavantk.deepnarrow.StepCheck;

/**
 * Trains deep narrow networks on images, once for every initialisation; leaves {@code
 * checkpoint/<step>-<initialisation>.npz}.
 */
final class DeepNarrowMnistStep implements StepRunner {
  private final RunInputs inputs;

  DeepNarrowMnistStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  /** One initialisation and how its training went. */
  private record Trained(Initialization initialization, List<DeepTraining.Epoch> epochs) {
    DeepTraining.Epoch last() {
      return epochs.get(epochs.size() - 1);
    }

    String name() {
      return initialization.name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String title() {
    return "deep_narrow_mnist";
  }

  @Override
  public void prepare(StepContext context) {
    DeepNarrowMnist config = config(context);
    DeepNarrow network = network(context);
    Optional<StepCheck> check = check(context);
    if (!config.getForce()) {
      String field = "step[" + context.index() + "]." + title() + ".learning_rate";
      StepCheck.requireResolution(
          field, network, config.getLearningRate(), 1, Build.precision(config.getPrecision()));
      check.ifPresent(found -> found.require(field));
    }
  }

  private static DeepNarrowMnist config(StepContext context) {
    return context.step().getDeepNarrowMnist();
  }

  private DeepExamples examples(StepContext context, Examples examples) {
    DeepNarrowMnist config = config(context);
    return config.getArchitecture() == DeepNarrowMnist.Architecture.DENSE
        ? DeepExamples.vectors(examples)
        : DeepExamples.images(examples, config.getPool());
  }

  private DeepNarrow network(StepContext context) {
    DeepNarrowMnist config = config(context);
    Dataset data = inputs.dataset(context);
    int[] shape = examples(context, data.train()).shape();
    boolean dense = config.getArchitecture() == DeepNarrowMnist.Architecture.DENSE;
    return new DeepNarrow(
        dense ? Image.POINT : new Image(shape[0], shape[1], 3),
        shape[2],
        DeepExamples.outputs(data.classNames().size()),
        config.getDepth(),
        new DeepNarrow.Scales(config.getScale(), config.getSigma(), config.getBeta()));
  }

  private static DeepTraining training(StepContext context, DeepNarrowInit initialization) {
    DeepNarrowMnist config = config(context);
    return new DeepTraining(
        Initialization.valueOf(initialization.name()),
        config.getLearningRate(),
        config.getEpochs(),
        config.getBatchSize(),
        config.getEvalEvery(),
        Build.trainingSeed(context.run()));
  }

  /** The step against the bound; empty where only the default initialisation is trained. */
  private Optional<StepCheck> check(StepContext context) {
    DeepNarrowMnist config = config(context);
    if (!config.getInitializationList().contains(DeepNarrowInit.CUSTOM)) {
      return Optional.empty();
    }
    return Optional.of(
        training(context, DeepNarrowInit.CUSTOM)
            .check(
                network(context),
                examples(context, inputs.dataset(context).train()),
                config.getBoundExamples()));
  }

  @Override
  public String consumes(StepContext context) {
    Dataset data = inputs.dataset(context);
    return new Fingerprint()
        .add("seed", Build.trainingSeed(context.run()))
        .add("deep_narrow_mnist", config(context))
        .add("examples", inputs.fingerprint(data.train()))
        .add("test", inputs.fingerprint(data.test()))
        .hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    DeepNarrowMnist config = config(context);
    DeepNarrow network = network(context);
    Dataset data = inputs.dataset(context);
    Metrics metrics = context.metrics();
    metrics.keep(row -> false); // the checkpoints know all epochs
    Optional<StepCheck> check = check(context);
    check.ifPresent(found -> context.progress().message(found.words()));
    long examples = (long) data.train().count() * config.getEpochs();
    context.progress().start(examples * config.getInitializationCount(), "images");
    List<Trained> all = new ArrayList<>();
    for (DeepNarrowInit initialization : config.getInitializationList()) {
      String name = initialization.name().toLowerCase(Locale.ROOT);
      Path checkpoint = context.makes("checkpoint/" + context.label() + "-" + name + ".npz");
      try (DeepNetwork net =
          new GraphNetwork(
              network,
              1,
              Build.precision(config.getPrecision()),
              Build.device(context.run()).resolved())) {
        List<DeepTraining.Epoch> epochs =
            training(context, initialization)
                .run(
                    net,
                    examples(context, data.train()),
                    examples(context, data.test()),
                    checkpoint,
                    listener(context, name));
        Trained trained = new Trained(Initialization.valueOf(initialization.name()), epochs);
        for (DeepTraining.Epoch epoch : epochs) {
          metrics.add(fields(trained, epoch));
        }
        all.add(trained);
      }
    }
    context.report(section(context, network, check, all));
  }

  private static DeepTraining.Listener listener(StepContext context, String name) {
    return new DeepTraining.Listener() {
      @Override
      public void trained(int examples) {
        context.progress().advance(examples);
      }

      @Override
      public void epoch(DeepTraining.Epoch epoch) {
        context
            .progress()
            .note(
                name
                    + ", epoch "
                    + epoch.epoch()
                    + ": loss "
                    + Numbers.brief(epoch.trainLoss())
                    + (epoch.measured()
                        ? ", test " + Numbers.percent(epoch.testAccuracy(), 2)
                        : ""));
      }
    };
  }

  private static Map<String, Object> fields(Trained trained, DeepTraining.Epoch epoch) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("initialization", trained.name());
    fields.put("epoch", epoch.epoch());
    fields.put("train_loss", epoch.trainLoss());
    if (epoch.measured()) {
      fields.put("train_accuracy", epoch.trainAccuracy());
      fields.put("test_accuracy", epoch.testAccuracy());
    }
    return fields;
  }

  private ReportSection section(
      StepContext context, DeepNarrow network, Optional<StepCheck> check, List<Trained> all)
      throws IOException {
    Dataset data = inputs.dataset(context);
    ReportSection section = ReportSection.titled("Deep narrow networks: training");
    for (Trained trained : all) {
      section = section.percent("test_accuracy_" + trained.name(), trained.last().testAccuracy());
    }
    section =
        section
            .figure(
                "parameters",
                network.parameterCount(),
                String.format(Locale.ROOT, "%,d", network.parameterCount()))
            .paragraph(
                String.format(
                    Locale.ROOT,
                    "%s network of depth %,d and width %d with %s on %,d training and %,d test examples,"
                        + " plain SGD on the mean squared error. Training loss is the mean over an epoch"
                        + " while the parameters move; accuracies are of all examples, after it.",
                    network.image().equals(Image.POINT) ? "A dense" : "A convolutional",
                    network.depth(),
                    network.width(),
                    network.outputs() == 1 ? "one output" : network.outputs() + " outputs",
                    data.train().count(),
                    data.test().count()));
    if (check.isPresent()) {
      String words = "Custom initialisation: " + check.get().words() + ".";
      section = check.get().stable() ? section.paragraph(words) : section.warning(words);
    }
    List<List<String>> rows =
        all.stream()
            .flatMap(
                t -> t.epochs.stream().filter(DeepTraining.Epoch::measured).map(e -> row(t, e)))
            .toList();
    section =
        section.table(
            "Measured epochs",
            List.of("initialisation", "epoch", "train loss", "train accuracy", "test accuracy"),
            rows);
    Map<String, LinePlot> plots = new LinkedHashMap<>();
    plots.put("loss", loss(all));
    plots.put("accuracy", accuracy(all));
    for (var plot : plots.entrySet()) {
      var picture =
          context
              .plots()
              .write(
                  context.label() + "-" + plot.getKey(),
                  plot.getValue(),
                  "By epoch, one colour for each initialisation: " + plot.getKey() + ".");
      if (picture.isPresent()) {
        section = section.picture(picture.get());
      }
    }
    return section;
  }

  private static List<String> row(Trained trained, DeepTraining.Epoch epoch) {
    return List.of(
        trained.name(),
        Integer.toString(epoch.epoch()),
        Numbers.brief(epoch.trainLoss()),
        Numbers.percent(epoch.trainAccuracy(), 2),
        Numbers.percent(epoch.testAccuracy(), 2));
  }

  private static LinePlot loss(List<Trained> all) {
    LinePlot plot = Plots.lines("Loss", "epoch", "mean squared error").logY();
    for (Trained trained : all) {
      plot =
          plot.series(
              trained.name(),
              trained.epochs.stream().mapToDouble(DeepTraining.Epoch::epoch).toArray(),
              trained.epochs.stream().mapToDouble(DeepTraining.Epoch::trainLoss).toArray(),
              LinePlot.Look.LINE);
    }
    return plot;
  }

  private static LinePlot accuracy(List<Trained> all) {
    LinePlot plot = Plots.lines("Accuracy", "epoch", "accuracy").inPercent();
    for (Trained trained : all) {
      List<DeepTraining.Epoch> measured =
          trained.epochs.stream().filter(DeepTraining.Epoch::measured).toList();
      double[] x = measured.stream().mapToDouble(DeepTraining.Epoch::epoch).toArray();
      double[] train = measured.stream().mapToDouble(DeepTraining.Epoch::trainAccuracy).toArray();
      double[] test = measured.stream().mapToDouble(DeepTraining.Epoch::testAccuracy).toArray();
      plot =
          plot.series(trained.name() + ", test", x, test, LinePlot.Look.LINE)
              .sibling(x, train, LinePlot.Look.DASHED);
    }
    return plot;
  }
}
