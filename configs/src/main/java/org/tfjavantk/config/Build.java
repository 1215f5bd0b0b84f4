package org.tfjavantk.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.tfjavantk.config.proto.Augment;
import org.tfjavantk.config.proto.Cnn;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.config.proto.RidgeGrid;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.config.proto.Train;
import org.tfjavantk.data.Augmentation;
import org.tfjavantk.data.DataFiles;
import org.tfjavantk.data.DatasetSpec;
import org.tfjavantk.data.Draw;
import org.tfjavantk.data.KnownSet;
import org.tfjavantk.data.Preprocess;
import org.tfjavantk.data.Source;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.graphs.load.FlatModel;
import org.tfjavantk.graphs.load.FrozenGraphs;
import org.tfjavantk.graphs.load.Options;
import org.tfjavantk.graphs.load.SavedModels;
import org.tfjavantk.infinite.AnalyticKernel;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.train.Loss;
import org.tfjavantk.train.Optimizer;
import org.tfjavantk.train.Schedule;
import org.tfjavantk.train.TrainSpec;

/** What the library takes, from the messages of a resolved config. */
public final class Build {
  private Build() {}

  /** The examples of a run. */
  public static DatasetSpec dataset(Run run) {
    var d = run.getDataset();
    return new DatasetSpec(
        source(run),
        d.getTrain(),
        d.getValidation(),
        d.getTest(),
        d.getClassesList(),
        Draw.valueOf(d.getDraw().name()),
        preprocess(run),
        d.getVerify());
  }

  private static Preprocess preprocess(Run run) {
    var p = run.getDataset().getPreprocess();
    return new Preprocess(
        p.getResize(),
        p.getChannels(),
        p.getScale(),
        array(p.getMeanList()),
        array(p.getStdList()));
  }

  private static Source source(Run run) {
    var d = run.getDataset();
    return switch (d.getSourceCase()) {
      case MNIST -> known(run, KnownSet.MNIST);
      case FASHION_MNIST -> known(run, KnownSet.FASHION_MNIST);
      case KMNIST -> known(run, KnownSet.KMNIST);
      case CIFAR10 -> known(run, KnownSet.CIFAR10);
      case SVHN -> known(run, KnownSet.SVHN);
      case NPY -> {
        var files = d.getNpy();
        yield new Source.Npy(
            files.getTrainInputsList().stream().map(name -> file(run, name)).toList(),
            file(run, files.getTrainLabels()),
            files.getTestInputsList().stream().map(name -> file(run, name)).toList(),
            file(run, files.getTestLabels()));
      }
      case STROKE_DIGITS -> new Source.StrokeDigits();
      case GAUSSIAN_MIXTURE -> {
        var mixture = d.getGaussianMixture();
        yield new Source.GaussianMixture(
            mixture.getDimension(), mixture.getClasses(), mixture.getSeparation());
      }
      case CIRCLE -> new Source.Circle(d.getCircle().getClasses(), d.getCircle().getArcs());
      case SOURCE_NOT_SET -> throw new UserException("dataset: no source given");
    };
  }

  private static Source known(Run run, KnownSet set) {
    String dir = run.getDataset().getDir();
    return new Source.Known(set, dir.isEmpty() ? DataFiles.defaultDir(set) : Path.of(dir));
  }

  private static Path file(Run run, String name) {
    return name.isEmpty() ? null : Path.of(run.getDataset().getDir()).resolve(name);
  }

  /**
   * The architecture of a run.
   *
   * @param classes outputs where the config leaves them open
   */
  public static Network network(Run run, int classes) {
    var n = run.getNetwork();
    int outputs = n.getOutputs() == 0 ? classes : n.getOutputs();
    Parametrization p =
        n.getParametrization() == org.tfjavantk.config.proto.Network.Parametrization.NTK
            ? new Parametrization.Ntk(n.getWeightStd(), n.getBiasStd())
            : Parametrization.STANDARD;
    return switch (n.getArchitectureCase()) {
      case LOGISTIC -> Networks.logistic(outputs, p);
      case TWO_LAYER ->
          Networks.twoLayer(
              n.getTwoLayer().getWidth(),
              Activation.NAMED.get(n.getTwoLayer().getActivation().name()),
              outputs,
              p);
      case MLP ->
          Networks.mlp(
              n.getMlp().getHiddenList(),
              Activation.NAMED.get(n.getMlp().getActivation().name()),
              outputs,
              p);
      case LENET -> Networks.lenet(outputs, p);
      case RESNET9 -> Networks.resnet9(n.getResnet9().getWidth(), outputs, p);
      case RESNET18 -> Networks.resnet18(n.getResnet18().getWidth(), outputs, p);
      case RESNET34 -> Networks.resnet(34, n.getResnet34().getWidth(), outputs, p);
      case RESNET50 -> Networks.resnet(50, n.getResnet50().getWidth(), outputs, p);
      case RESNET68 -> Networks.resnet(68, n.getResnet68().getWidth(), outputs, p);
      case RESNET101 -> Networks.resnet(101, n.getResnet101().getWidth(), outputs, p);
      case RESNET152 -> Networks.resnet(152, n.getResnet152().getWidth(), outputs, p);
      case WRN28 -> Networks.wrn28(n.getWrn28().getWiden(), outputs, p);
      case MOBILENET -> Networks.mobilenet(outputs, p);
      case MOBILENETV2 -> Networks.mobilenetV2(outputs, p);
      case VGG11 -> Networks.vgg(11, outputs, p);
      case VGG13 -> Networks.vgg(13, outputs, p);
      case DENSENET121 -> Networks.densenet121(outputs, p);
      case CNN ->
          Networks.cnn(
              n.getCnn().getDepth(),
              n.getCnn().getFilters(),
              Integer.parseInt(n.getCnn().getSize().name().substring("SIZE_".length())),
              n.getCnn().getTop() == Cnn.Top.GLOBAL_AVERAGE,
              outputs,
              p);
      case MYRTLE5 -> Networks.myrtle5(n.getMyrtle5().getFilters(), outputs, p);
      case SAVED_MODEL, FROZEN_GRAPH ->
          throw new UserException(
              "network: this step needs a network of layers, and this one comes from a file");
      case ARCHITECTURE_NOT_SET ->
          throw new UserException("network: this step needs a network; give one in the config");
    };
  }

  /**
   * The model file of a run, read; empty if the network is one of layers.
   *
   * @throws UserException if the file cannot be read or has not what the config asks for
   */
  public static Optional<FlatModel> file(Run run) {
    var network = run.getNetwork();
    if (network.hasSavedModel()) {
      var m = network.getSavedModel();
      Options options =
          new Options(
              Optional.of(m.getSignature()).filter(name -> !name.isEmpty()),
              m.getTagsList(),
              m.getInputsList(),
              m.getOutputsList(),
              m.getParametersList(),
              m.getExcludeList(),
              m.getLogits());
      return Optional.of(SavedModels.read(Path.of(m.getDir()), options));
    }
    if (network.hasFrozenGraph()) {
      var m = network.getFrozenGraph();
      List<String> names = new ArrayList<>(m.getParametersList());
      if (!m.getParametersFile().isEmpty()) {
        names.addAll(lines(Path.of(m.getParametersFile())));
      }
      Options options =
          new Options(
              Optional.empty(),
              List.of(),
              m.getInputsList(),
              m.getOutputsList(),
              names,
              m.getExcludeList(),
              m.getLogits());
      return Optional.of(FrozenGraphs.read(Path.of(m.getFile()), options));
    }
    return Optional.empty();
  }

  /** What a network is called in reports. */
  public static String networkName(Run run) {
    var network = run.getNetwork();
    if (network.hasSavedModel()) {
      return Path.of(network.getSavedModel().getDir()).normalize().toString();
    }
    if (network.hasFrozenGraph()) {
      return Path.of(network.getFrozenGraph().getFile()).normalize().toString();
    }
    return network.getArchitectureCase().name().toLowerCase(Locale.ROOT);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UserException(
          "network.frozen_graph.parameters_file: " + file + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  /** Where the graphs run: a model lies on the first of the devices. */
  public static DeviceChoice device(Run run) {
    var device = run.getDevice();
    return new DeviceChoice(
        DeviceChoice.Kind.valueOf(device.getKind().name()),
        device.getThreads(),
        device.getIndexList());
  }

  /** What a train step does. */
  public static TrainSpec train(Run run, Train train, int channels) {
    return new TrainSpec(
        train.getEpochs(),
        train.getBatchSize(),
        Loss.valueOf(train.getLoss().name()),
        optimizer(train),
        train.getStopAtAccuracy(),
        train.hasAugment() ? augmentation(train.getAugment()) : Augmentation.none(),
        preprocess(run).background(channels),
        trainingSeed(run));
  }

  /**
   * The seed of what differs between repeats of a run: initial parameters, batches, augmentation.
   * For repeat 1 the run's own seed s; for repeat r the first 64 bits of the stream {@code
   * "repeat/r"} of s. The examples and their split are drawn with s itself.
   */
  public static long trainingSeed(Run run) {
    return run.getRepeat() == 1
        ? run.getSeed()
        : RandomStream.of(run.getSeed(), "repeat/" + run.getRepeat()).bits(0);
  }

  private static Augmentation augmentation(Augment augment) {
    return new Augmentation(augment.getRotate(), augment.getCropPadding(), augment.getFlip());
  }

  private static Optimizer optimizer(Train train) {
    return switch (train.getOptimizerCase()) {
      case SGD -> {
        var sgd = train.getSgd();
        yield new Optimizer.Sgd(
            sgd.getLearningRate(),
            sgd.getMomentum(),
            sgd.getWeightDecay(),
            Schedule.valueOf(sgd.getSchedule().name()));
      }
      case ADAM -> {
        var adam = train.getAdam();
        yield new Optimizer.Adam(
            adam.getLearningRate(),
            adam.getBeta1(),
            adam.getBeta2(),
            adam.getEpsilon(),
            adam.getWeightDecay(),
            Schedule.valueOf(adam.getSchedule().name()));
      }
      case OPTIMIZER_NOT_SET -> throw new UserException("train: no optimizer given");
    };
  }

  /** The arithmetic of a kernel; empty leaves it to the network. */
  public static Optional<Precision> precision(EmpiricalKernel kernel) {
    return switch (kernel.getPrecision()) {
      case AUTO -> Optional.empty();
      case FLOAT32, FAST -> Optional.of(Precision.FLOAT32);
      case FLOAT64 -> Optional.of(Precision.FLOAT64);
    };
  }

  /** The arithmetic of a graph. */
  public static Precision precision(org.tfjavantk.config.proto.Precision precision) {
    return Precision.valueOf(precision.name());
  }

  /**
   * A kernel in closed form.
   *
   * @param median the length where the config leaves it open
   */
  public static AnalyticKernel kernel(
      org.tfjavantk.config.proto.AnalyticKernel config, DoubleSupplier median) {
    return switch (config.getKernelCase()) {
      case RBF -> new AnalyticKernel.Rbf(length(config.getRbf().getLength(), median));
      case LAPLACE -> new AnalyticKernel.Laplace(length(config.getLaplace().getLength(), median));
      case POLYNOMIAL ->
          new AnalyticKernel.Polynomial(
              config.getPolynomial().getDegree(), config.getPolynomial().getOffset());
      case ARC_COSINE -> new AnalyticKernel.ArcCosine(config.getArcCosine().getOrder());
      case RANDOM_FEATURES -> new AnalyticKernel.RandomFeatures();
      case NEURAL_TANGENT -> new AnalyticKernel.NeuralTangent();
      case DEEP_NTK -> new AnalyticKernel.DeepNtk(config.getDeepNtk().getDepth());
      case KERNEL_NOT_SET -> throw new UserException("analytic_kernel: no kernel given");
    };
  }

  private static double length(double given, DoubleSupplier median) {
    return given == 0 ? median.getAsDouble() : given;
  }

  /** The ridges of a grid, from small to large. */
  public static double[] ridges(RidgeGrid grid) {
    if (grid.getValuesCount() > 0) {
      return grid.getValuesList().stream().mapToDouble(v -> v).sorted().toArray();
    }
    double[] ridges = new double[grid.getCount()];
    double from = Math.log10(grid.getFrom());
    double step = (Math.log10(grid.getTo()) - from) / (ridges.length - 1);
    for (int i = 1; i < ridges.length - 1; i++) {
      ridges[i] = Math.pow(10, from + i * step);
    }
    // The ends are as written, to the last bit; a single value is the first.
    ridges[ridges.length - 1] = grid.getTo();
    ridges[0] = grid.getFrom();
    return ridges;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }
}
