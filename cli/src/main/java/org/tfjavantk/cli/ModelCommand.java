package org.tfjavantk.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataType;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.graphs.load.Inspection;
import org.tfjavantk.graphs.load.Options;
import org.tfjavantk.graphs.load.Port;
import org.tfjavantk.transform.Rules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "model",
    synopsisSubcommandLabel = "COMMAND",
    description = {"Looks into a TensorFlow model file.", ""},
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk model inspect exported/        a folder with saved_model.pb",
      "  ntk model inspect frozen.pb        a frozen graph"
    })
final class ModelCommand extends Group {
  @Spec private CommandSpec group;

  @Command(
      name = "inspect",
      description =
          "Prints signatures, inputs, outputs, parameters with shapes and sizes, and the operations that"
              + " have no derivative here.")
  int inspect(
      @Parameters(paramLabel = "PATH", description = "A SavedModel's folder or a frozen graph.")
          Path path,
      @Option(names = "--signature", paramLabel = "NAME", description = "Which signature.")
          String signature,
      @Mixin CommonOptions common) {
    Options options = Options.defaults();
    Inspection found =
        Inspection.of(path, signature == null ? options : options.withSignature(signature));
    PrintWriter out = group.commandLine().getOut();
    boolean frozen = found.format() == Inspection.Format.FROZEN_GRAPH;
    out.println(path + ": " + (frozen ? "frozen graph" : "SavedModel"));
    for (Inspection.SignaturePorts ports : found.signatures()) {
      boolean chosen = ports.name().equals(found.signature());
      out.println();
      out.println("signature " + ports.name() + (chosen ? "" : " (not looked into)"));
      List<List<String>> rows = new ArrayList<>();
      ports.inputs().forEach(port -> rows.add(row("input", port, "")));
      ports.outputs().forEach(port -> rows.add(row("output", port, head(found, port, chosen))));
      TextTable.print(out, rows);
    }
    if (found.trouble().isPresent()) {
      out.flush();
      throw new UserException("the model cannot be read: " + found.trouble().get());
    }
    variables(out, found, frozen);
    operations(out, found);
    found.notes().forEach(note -> out.println(System.lineSeparator() + note));
    out.println();
    configLines(path, found, frozen).forEach(out::println);
    return Failures.DONE;
  }

  private static List<String> row(String kind, Port port, String remark) {
    return List.of("  " + kind, port.name(), type(port.dtype()), Port.text(port.shape()), remark);
  }

  private static String head(Inspection found, Port port, boolean chosen) {
    return chosen && found.heads().contains(port.name())
        ? "ends in a softmax or sigmoid: \"logits: true\" takes what goes into it"
        : "";
  }

  private static void variables(PrintWriter out, Inspection found, boolean frozen) {
    long parameters =
        found.variables().stream()
            .filter(Inspection.VariableShape::trainable)
            .mapToLong(Inspection.VariableShape::size)
            .sum();
    out.println();
    out.println(
        frozen
            ? "constants that could be parameters"
            : String.format(Locale.ROOT, "variables, %,d parameters", parameters));
    List<List<String>> rows = new ArrayList<>();
    for (Inspection.VariableShape variable : found.variables()) {
      rows.add(
          List.of(
              "  " + variable.name(),
              type(variable.dtype()),
              shape(variable.shape()),
              String.format(Locale.ROOT, "%,d", variable.size()),
              frozen || variable.trainable() ? "" : "not trainable"));
    }
    TextTable.print(out, rows);
  }

  private static void operations(PrintWriter out, Inspection found) {
    out.println();
    out.println("operations on the way from the inputs to the outputs");
    out.println(
        found.operations().entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", ", "  ", "")));
    List<String> without =
        found.operations().keySet().stream()
            .filter(type -> !SOURCES.contains(type) && Rules.standard().jvp(type).isEmpty())
            .toList();
    if (!without.isEmpty()) {
      out.println(
          "without a derivative here: "
              + String.join(", ", without)
              + " (a kernel can only be had if no parameter reaches them)");
    }
  }

  /** Operations that nothing has to be carried through. */
  private static final List<String> SOURCES =
      List.of("Const", "NoOp", "Placeholder", "ReadVariableOp", "VarHandleOp");

  /** What to write into a config. */
  private static List<String> configLines(Path path, Inspection found, boolean frozen) {
    if (!frozen) {
      boolean plain = found.signature().equals("serving_default");
      String signature = plain ? "" : " signature: " + quoted(found.signature());
      String dir = "dir: " + quoted(path.toString());
      return List.of("in a config:", "  network { saved_model { " + dir + signature + " } }");
    }
    List<String> lines = new ArrayList<>();
    lines.add("in a config, with the constants that were trained (moving averages were not):");
    lines.add("  network {");
    lines.add("    frozen_graph {");
    lines.add("      file: " + quoted(path.toString()));
    found.variables().forEach(one -> lines.add("      parameters: " + quoted(one.name())));
    lines.addAll(List.of("    }", "  }"));
    return lines;
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String type(DataType type) {
    return type.name().replaceFirst("^DT_", "").toLowerCase(Locale.ROOT);
  }

  private static String shape(long[] shape) {
    List<String> sizes = new ArrayList<>();
    for (long size : shape) {
      sizes.add(Long.toString(size));
    }
    return "(" + String.join(", ", sizes) + ")";
  }
}
