package org.tfjavantk.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.tfjavantk.cli.bench.EmpiricalBench;
import org.tfjavantk.cli.bench.InfiniteBench;
import org.tfjavantk.cli.bench.MatrixFreeBench;
import org.tfjavantk.cli.bench.SolveBench;
import org.tfjavantk.cli.files.Json;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    synopsisSubcommandLabel = "COMMAND",
    description = {"Times a job on this machine, against how fast it multiplies matrices.", ""},
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk bench empirical --network lenet --n 1000",
      "  ntk bench empirical --network resnet18 --n 128 --memory 6GiB",
      "  ntk bench infinite --stack gap --n 100",
      "  ntk bench matrix-free --network lenet --n 500",
      "  ntk bench solve --n 5000 --lambdas 20",
      "  ntk bench solve --n 30000 --lambdas 1 --solver out_of_core --memory 2GiB"
    })
final class BenchCommand extends Group {
  private static final int OUTPUTS = 10;

  @Spec private CommandSpec group;

  @Command(
      name = "empirical",
      description = {
        "Times the full empirical kernel of a network with random parameters and 10 outputs on"
            + " random images 32 x 32 x 3. Nothing is written but one line of JSON on stdout.",
        "",
        "'seconds' is the job; building the graphs and a first small kernel, in which TensorFlow"
            + " prepares its operations, are 'setup_seconds'. 'flops' is what the job takes at least:"
            + " every example's factors once, every pair of examples once, two for a multiply-add."
            + " 'gemm_peak_gflops' is the rate of a product of two 2048 x 2048 matrices, the better"
            + " of before and after the job.",
        ""
      })
  int empirical(@Mixin EmpiricalOptions options, @Mixin CommonOptions common) {
    return print(options.bench().run());
  }

  @Command(
      name = "solve",
      description = {
        "Times the solution of (K + lambda I) X = B for a polynomial kernel of random points, ten"
            + " right-hand sides, and values of lambda from 1e-3 to 1e3 (one: 1e-3), in float64."
            + " Nothing is written but one line of JSON on stdout, and files in a temporary folder"
            + " by the methods that keep the kernel on disk.",
        "",
        "'seconds' is the solver with the certificates (cholesky works in the matrix's place, the others copy it); making the matrix"
            + " is 'setup_seconds'. 'gflops' counts the factorizations or the products alone.",
        ""
      })
  int solve(@Mixin SolveOptions options, @Mixin CommonOptions common) {
    return print(options.bench().run());
  }

  @Command(
      name = "matrix-free",
      description = {
        "Solves a system with the full empirical kernel of a network with random parameters on random"
            + " images 32 x 32 x 3 by conjugate gradients to 1e-8, without forming the kernel, and again"
            + " by Cholesky's factorization of the stored kernel. Prints the times and how far the"
            + " two solutions are apart as one line of JSON.",
        ""
      })
  int matrixFree(@Mixin MatrixFreeOptions options, @Mixin CommonOptions common) {
    return print(options.bench().run());
  }

  private int print(Map<String, Object> measured) {
    group.commandLine().getOut().println(Json.line(measured));
    return Failures.DONE;
  }

  /** Which system. */
  static final class MatrixFreeOptions {
    @Option(
        names = "--network",
        required = true,
        paramLabel = "NAME",
        completionCandidates = NamedNetwork.Names.class,
        description = "One of: ${COMPLETION-CANDIDATES}.")
    private String network;

    @Option(names = "--n", required = true, paramLabel = "N", description = "Examples.")
    private int n;

    @Option(
        names = "--precision",
        paramLabel = "TYPE",
        defaultValue = "float64",
        description = "float32 or float64. Default: ${DEFAULT-VALUE}.")
    private String precision;

    @Option(
        names = "--ridge",
        paramLabel = "R",
        defaultValue = "1e-3",
        description = "lambda, relative to the kernel's diagonal. Default: ${DEFAULT-VALUE}.")
    private double ridge;

    @Option(
        names = "--rank",
        paramLabel = "K",
        defaultValue = "200",
        description = "Of the Nyström preconditioner. Default: ${DEFAULT-VALUE}.")
    private int rank;

    MatrixFreeBench bench() {
      if (!(ridge > 0)) {
        throw new UserException("--ridge " + ridge + ": it must be above 0");
      }
      return new MatrixFreeBench(
          NamedNetwork.of(network, 0, OUTPUTS),
          word("--precision", precision, Precision.values()),
          atLeast("--n", n, 1),
          ridge,
          atLeast("--rank", rank, 1),
          1);
    }
  }

  /** What is solved. */
  static final class SolveOptions {
    @Option(names = "--n", required = true, paramLabel = "N", description = "Rows of the kernel.")
    private int n;

    @Option(
        names = "--lambdas",
        paramLabel = "L",
        defaultValue = "1",
        description = "How many values of lambda. Default: ${DEFAULT-VALUE}.")
    private int lambdas;

    @Option(
        names = "--solver",
        paramLabel = "NAME",
        defaultValue = "cholesky",
        description =
            "cholesky (more than five values of lambda share one reduction to a band), float32"
                + " (refined in float64), eigen, out_of_core, or conjugate gradients to 1e-6: cg,"
                + " nystrom, pivoted. Default: ${DEFAULT-VALUE}.")
    private String solver;

    @Option(
        names = "--memory",
        paramLabel = "SIZE",
        defaultValue = "2GiB",
        description = "What out_of_core may hold. Default: ${DEFAULT-VALUE}.")
    private String memory;

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description =
            "Where the methods on disk keep kernel and factor, and take them up again; a temporary"
                + " folder unless given.")
    private Path directory;

    SolveBench bench() {
      return new SolveBench(
          atLeast("--n", n, 1),
          atLeast("--lambdas", lambdas, 1),
          word("--solver", solver, SolveBench.Method.values()),
          bytes("--memory", memory),
          directory);
    }
  }

  @Command(
      name = "infinite",
      description = {
        "Times the neural tangent kernel of infinite width of a stack of layers with ReLU, on random"
            + " images 32 x 32 x 3, or vectors of 784 for dense ones, after a small one in which Java"
            + " compiles its loops. Nothing is written but one line of JSON on stdout.",
        ""
      })
  int infinite(@Mixin InfiniteOptions options, @Mixin CommonOptions common) {
    group.commandLine().getOut().println(Json.line(options.bench().run()));
    return Failures.DONE;
  }

  /** What is timed. */
  static final class InfiniteOptions {
    @Option(
        names = "--stack",
        required = true,
        paramLabel = "NAME",
        description =
            "gap, flatten: convolutions under a mean of all positions, or all of them; myrtle:"
                + " Myrtle-5; dense: dense layers.")
    private String stack;

    @Option(
        names = "--depth",
        paramLabel = "L",
        defaultValue = "5",
        description = "Convolutions, or hidden dense layers. Default: ${DEFAULT-VALUE}.")
    private int depth;

    @Option(names = "--n", required = true, paramLabel = "N", description = "Examples.")
    private int n;

    @Option(
        names = "--precision",
        paramLabel = "TYPE",
        defaultValue = "float32",
        description = "float32 or float64. Default: ${DEFAULT-VALUE}.")
    private String precision;

    @Option(
        names = "--memory",
        paramLabel = "SIZE",
        defaultValue = "2GiB",
        description = "What the computation may hold. Default: ${DEFAULT-VALUE}.")
    private String memory;

    @Option(
        names = "--seed",
        paramLabel = "S",
        defaultValue = "1",
        description = "Of the inputs. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
        names = "--write",
        paramLabel = "DIR",
        description =
            "Writes the kernel into this folder, and deletes it. With dense layers, what cannot be"
                + " avoided is timed too: one product of matrices, and writing as many bytes.")
    private Path write;

    InfiniteBench bench() {
      return new InfiniteBench(
          word("--stack", stack, InfiniteBench.Stack.values()),
          atLeast("--depth", depth, 1),
          atLeast("--n", n, 1),
          word("--precision", precision, Precision.values()),
          bytes("--memory", memory),
          seed,
          write);
    }
  }

  private static long bytes(String option, String given) {
    try {
      return Bytes.parse(given);
    } catch (UserException e) {
      throw new UserException(option + ": " + e.getMessage(), e);
    }
  }

  private static int atLeast(String option, int value, int least) {
    if (value < least) {
      throw new UserException(option + " " + value + ": it is at least " + least);
    }
    return value;
  }

  private static <E extends Enum<E>> E word(String option, String given, E[] allowed) {
    return Arrays.stream(allowed)
        .filter(value -> value.name().equalsIgnoreCase(given))
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    option
                        + ": found '"
                        + given
                        + "'; allowed: "
                        + Arrays.stream(allowed)
                            .map(value -> value.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "))));
  }

  /** What is timed. */
  static final class EmpiricalOptions {
    @Option(
        names = "--network",
        required = true,
        paramLabel = "NAME",
        completionCandidates = NamedNetwork.Names.class,
        description = "One of: ${COMPLETION-CANDIDATES}.")
    private String network;

    @Option(
        names = "--width",
        paramLabel = "W",
        description = "The width, where the network has one. Default: as in a config.")
    private int width;

    @Option(names = "--n", required = true, paramLabel = "N", description = "Examples.")
    private int n;

    @Option(
        names = "--precision",
        paramLabel = "TYPE",
        defaultValue = "float32",
        description =
            "float32, float64, or fast: float32 with less precise products; the command must begin with"
                + " NTK_FAST=1. Default: ${DEFAULT-VALUE}.")
    private String precision;

    @Option(
        names = "--memory",
        paramLabel = "SIZE",
        defaultValue = "4GiB",
        description = "What the computation may hold. Default: ${DEFAULT-VALUE}.")
    private String memory;

    @Option(
        names = "--device",
        paramLabel = "KIND",
        defaultValue = "auto",
        description = "auto, cpu or gpu. Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
        names = "--threads",
        paramLabel = "T",
        defaultValue = "0",
        description = "Threads of one operation; 0 means all cores. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
        names = "--seed",
        paramLabel = "S",
        defaultValue = "1",
        description = "Of parameters and images. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
        names = "--runs",
        paramLabel = "R",
        defaultValue = "1",
        description =
            "How often the job is run; the fastest counts. In the first, Java still compiles."
                + " Default: ${DEFAULT-VALUE}.")
    private int runs;

    EmpiricalBench bench() {
      Network of = NamedNetwork.of(network, width, OUTPUTS);
      DeviceChoice choice =
          new DeviceChoice(
              word("--device", device, DeviceChoice.Kind.values()),
              atLeast("--threads", threads, 0));
      return new EmpiricalBench(
          of,
          atLeast("--n", n, 1),
          word("--precision", precision, EmpiricalBench.Arithmetic.values()),
          bytes("--memory", memory),
          seed,
          choice,
          atLeast("--runs", runs, 1));
    }
  }
}
