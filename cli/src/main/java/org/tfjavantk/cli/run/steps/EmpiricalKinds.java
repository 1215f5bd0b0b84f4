package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.config.proto.Group;
import org.tfjavantk.empirical.OutputChoice;
import org.tfjavantk.empirical.Pairing;
import org.tfjavantk.empirical.ParameterGroup;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.graphs.load.Names;

/**
 * Which matrices an {@code empirical_kernel} step makes.
 *
 * @param outputs which pairs of outputs
 * @param which the outputs of the network that they are of
 * @param all whether these are all outputs, in their order
 * @param choice the functions of the outputs
 * @param groups of parameters; empty for one of all
 * @param matrices those of each group in turn, one for each output
 */
record EmpiricalKinds(
    EmpiricalKernel.Outputs outputs,
    List<Integer> which,
    boolean all,
    OutputChoice choice,
    List<ParameterGroup> groups,
    List<Matrix> matrices)
    implements KernelKinds {

  /**
   * One matrix.
   *
   * @param name "head", "output3", "head-output3"; empty for that of all parameters and outputs
   * @param side rows and columns for a pair of examples
   * @param outputs the outputs that it is of
   * @param group whose parameters it is of; empty for all
   */
  record Matrix(String name, int side, List<Integer> outputs, Optional<ParameterGroup> group)
      implements KernelKinds.Matrix {}

  /** What groups of a file's name may not be called. */
  private static final List<String> PARTS = List.of("validation", "test");

  /**
   * The kinds of a step's config.
   *
   * @throws UserException if it asks for outputs or parameters that the network does not have
   */
  static EmpiricalKinds of(StepContext context, RunInputs inputs) {
    EmpiricalKernel kernel = context.step().getEmpiricalKernel();
    String step = "step[" + context.index() + "].empirical_kernel";
    RunModels.Facts facts = inputs.models().facts(context.run(), inputs.dataset(context));
    List<Integer> every = IntStream.range(0, facts.outputs()).boxed().toList();
    List<Integer> which = kernel.getOutputCount() == 0 ? every : kernel.getOutputList();
    boolean all = which.equals(every);
    OutputChoice choice;
    try {
      choice = choice(kernel.getOutputs(), which, all, facts.outputs());
    } catch (UserException e) {
      throw new UserException(step + ".output: " + e.getMessage(), e);
    }
    List<ParameterGroup> groups = groups(step, kernel, facts.parameters());
    return new EmpiricalKinds(
        kernel.getOutputs(), which, all, choice, groups, matrices(choice, which, groups));
  }

  private static OutputChoice choice(
      EmpiricalKernel.Outputs outputs, List<Integer> which, boolean all, int count) {
    return switch (outputs) {
      case FULL -> some(which, all, count, Pairing.FULL);
      case TRACE -> some(which, all, count, Pairing.TRACE);
      case DIAGONAL -> some(which, all, count, Pairing.DIAGONAL);
      case SUM -> OutputChoice.sum(which, count);
    };
  }

  private static OutputChoice some(List<Integer> which, boolean all, int count, Pairing pairing) {
    return all ? OutputChoice.of(pairing) : OutputChoice.some(which, count, pairing);
  }

  private static List<ParameterGroup> groups(
      String step, EmpiricalKernel kernel, List<String> parameters) {
    if (kernel.getGroupCount() > 0) {
      List<ParameterGroup> groups = new ArrayList<>();
      for (int i = 0; i < kernel.getGroupCount(); i++) {
        Group group = kernel.getGroup(i);
        try {
          List<String> members =
              List.copyOf(Names.match(group.getParameterList(), parameters, "parameter"));
          groups.add(new ParameterGroup(group.getName(), members));
        } catch (UserException e) {
          throw new UserException(step + ".group[" + i + "].parameter: " + e.getMessage(), e);
        }
      }
      return groups;
    }
    return switch (kernel.getBy()) {
      case ALL -> List.of();
      case LAYER -> grouped(step, parameters, EmpiricalKinds::layer);
      case PARAMETER -> grouped(step, parameters, UnaryOperator.identity());
    };
  }

  private static String layer(String parameter) {
    int end = parameter.lastIndexOf('/');
    return end < 0 ? parameter : parameter.substring(0, end);
  }

  /** Groups of what is called the same, named as files may be. */
  private static List<ParameterGroup> grouped(
      String step, List<String> parameters, UnaryOperator<String> by) {
    Map<String, List<String>> groups =
        parameters.stream()
            .collect(Collectors.groupingBy(by, LinkedHashMap::new, Collectors.toList()));
    Map<String, String> names = new LinkedHashMap<>();
    List<ParameterGroup> named = new ArrayList<>();
    groups.forEach(
        (group, members) -> {
          String name = group.replaceAll("[^A-Za-z0-9_.]", ".");
          String before = names.put(name, group);
          if (before != null || PARTS.contains(name)) {
            throw new UserException(
                step
                    + ".by: "
                    + (before == null ? group : before + " and " + group)
                    + " cannot be told apart from other files by the name kernel-"
                    + name
                    + ".zarr; give group blocks with names of your own instead");
          }
          named.add(new ParameterGroup(name, members));
        });
    return named;
  }

  private static List<Matrix> matrices(
      OutputChoice choice, List<Integer> which, List<ParameterGroup> groups) {
    List<Optional<ParameterGroup>> each =
        groups.isEmpty() ? List.of(Optional.empty()) : groups.stream().map(Optional::of).toList();
    List<Matrix> matrices = new ArrayList<>();
    for (Optional<ParameterGroup> group : each) {
      String name = group.map(ParameterGroup::name).orElse("");
      if (choice.pairing() != Pairing.DIAGONAL) {
        matrices.add(new Matrix(name, choice.rows(which.size()), which, group));
        continue;
      }
      for (int c : which) {
        String output = "output" + c;
        matrices.add(
            new Matrix(name.isEmpty() ? output : name + "-" + output, 1, List.of(c), group));
      }
    }
    return matrices;
  }

  /** What every matrix is divided by. */
  double divisor(EmpiricalKernel kernel, GraphModel model) {
    return switch (kernel.getNormalization()) {
      case NONE -> 1;
      case SQRT_PARAMETERS -> Math.sqrt(model.parameterCount());
      case PARAMETERS -> model.parameterCount();
      case OUTPUTS -> which.size();
    };
  }

  /**
   * What the kernel is, in a few words.
   *
   * @param parameters how many the network has
   */
  String words(long parameters) {
    String of = all ? "" : " of the outputs " + list(which);
    String what =
        switch (outputs) {
          case FULL -> "full kernel Θ = J Jᵀ" + of;
          case TRACE -> "trace kernel Σ_c Θ[(x, c), (x', c)]" + of;
          case DIAGONAL -> "kernels Θ[(x, c), (x', c)]" + (all ? " of each output" : of);
          case SUM -> "kernel Σ_{c,c'} Θ[(x, c), (x', c')]" + of;
        };
    return String.format(
        Locale.ROOT,
        groups.isEmpty()
            ? "%s over all %,d parameters"
            : "%s for each of %3$d groups of the %2$,d parameters",
        what,
        parameters,
        groups.size());
  }

  /** Integers in words, for sentences. */
  private static String list(List<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
