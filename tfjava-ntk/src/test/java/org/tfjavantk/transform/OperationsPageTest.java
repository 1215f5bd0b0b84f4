package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.OpDef;

/** The page of all rules, by the registries and by what the rules write for the cases of tests. */
class OperationsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "operations.md");
  private static final String WRITE = "ntk.write.docs";
  private static final String INTRODUCTION =
      """
      # Operations that the transforms know

      A type of operation of TensorFlow, and whether `Transforms` can differentiate it forward (jvp, and with it `linearize`, \
      `taylor` and columns
      of Jacobians), in reverse (vjp, and with it gradients and rows of Jacobians), and carry a batch through it (vmap). \
      [transforms.md](transforms.md) tells
      how to add a rule.

      - **yes**: there is a rule, and tests hold it to its law: jvp is the central difference, vjp is the adjoint of jvp, also for second
        derivatives, and vmap is the same as one call after the other, also of jvp and of vjp.
      - **linear**: as yes; the derivative is the operation itself, applied to the tangent (of one input at a time, for products).
      - **zero**: the result is constant, piecewise constant, or integer, so that the derivative is zero.
      - **–**: its results are integers or truth values and carry no derivative, so that none is needed.
      - **no**: an error names the operation, its node, and what to do.

      No operation needs a rule for jvp and vjp where its inputs carry no derivative, nor one for vmap where nothing that is mapped \
      reaches it:
      arithmetic on shapes, random numbers, tables that are the same for all.

      | operation | jvp | vjp | vmap |
      |---|---|---|---|
      """;

  @Test
  void thePageInTheDocsIsUpToDate() throws IOException {
    String page = page();
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        page,
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        "docs/operations.md is stale; write it anew with: mvn -pl tfjava-ntk -am test"
            + " -Dtest=OperationsPageTest -Dsurefire.failIfNoSpecifiedTests=false -D"
            + WRITE
            + "=true");
  }

  private static String page() {
    Set<String> nonzero = new TreeSet<>();
    Set<String> nonlinear = new TreeSet<>();
    Rules rules = Rules.standard();
    Rules spies = rules;
    for (String type : rules.jvpTypes()) {
      JvpRule rule = rules.jvp(type).orElseThrow();
      spies =
          spies.withJvp(
              type,
              op -> {
                List<Operand<?>> tangents = rule.apply(op);
                tangents.stream().filter(Objects::nonNull).forEach(tangent -> nonzero.add(type));
                tangents.stream()
                    .filter(t -> t != null && !isOf(type, t))
                    .forEach(tangent -> nonlinear.add(type));
                return tangents;
              });
    }
    for (RuleCase rule : RuleCases.all()) {
      try (Trial trial = new Trial(rule)) {
        Transforms.jvp(trial.tf, List.of(trial.f), trial.x, trial.tangents, spies);
      }
    }
    StringBuilder page = new StringBuilder(INTRODUCTION);
    Set<String> all = new TreeSet<>(rules.jvpTypes());
    all.addAll(rules.batchTypes());
    for (String type : all) {
      String derivative = hasDerivatives(type) ? "no" : "–";
      if (rules.jvpTypes().contains(type)) {
        derivative = !nonzero.contains(type) ? "zero" : nonlinear.contains(type) ? "yes" : "linear";
      }
      // The rule for Where says why there is none.
      boolean batch = rules.batchTypes().contains(type) && !type.equals("Where");
      page.append(
          String.format(
              "| `%s` | %s | %s | %s |%n", type, derivative, derivative, batch ? "yes" : "no"));
    }
    return page.toString();
  }

  /** Whether an operation of a type gives a tangent, or the sum of two. */
  private static boolean isOf(String type, Operand<?> tangent) {
    GraphOperation op = (GraphOperation) tangent.op();
    boolean sum = op.type().equals("Add") || op.type().equals("AddV2");
    return op.type().equals(type)
        || sum && op.input(0).op().type().equals(type) && op.input(1).op().type().equals(type);
  }

  /** Whether any result may be of floating point. */
  private static boolean hasDerivatives(String type) {
    OpDef definition =
        TensorFlow.registeredOpList().getOpList().stream()
            .filter(op -> op.getName().equals(type))
            .findFirst()
            .orElseThrow();
    return definition.getOutputArgList().stream()
        .anyMatch(
            output ->
                output.getTypeAttr().isEmpty()
                    ? output.getType() == DataType.DT_FLOAT
                    : definition.getAttrList().stream()
                        .filter(attribute -> attribute.getName().equals(output.getTypeAttr()))
                        .anyMatch(OperationsPageTest::mayBeFloat));
  }

  private static boolean mayBeFloat(OpDef.AttrDef attribute) {
    return !attribute.hasAllowedValues()
        || attribute.getAllowedValues().getList().getTypeList().contains(DataType.DT_FLOAT);
  }
}
