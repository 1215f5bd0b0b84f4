package org.tfjavantk.graphs.load;

import java.util.List;
import java.util.Optional;

/**
 * What to take from a model file. Patterns are globs: {@code *} stands for any characters, {@code
 * ?} for one.
 *
 * @param signature of a SavedModel; without it {@code serving_default}, or the only one
 * @param tags of the SavedModel's graph; without them {@code serve}, or the only graph
 * @param inputs by their names in the signature, or tensors of a frozen graph; empty means all
 * @param outputs by their names in the signature, or tensors of a frozen graph; empty means all
 * @param parameters patterns of the names of the floating-point variables to treat as parameters;
 *     empty means those that the file says are trainable. A frozen graph needs them: there they
 *     choose Const nodes, in the order of the patterns (a pattern with {@code *} or {@code ?}
 *     passes over single numbers)
 * @param exclude patterns of names that are no parameters after all
 * @param logits whether to stop before the softmax, log-softmax or sigmoid that the outputs end in
 */
public record Options(
    Optional<String> signature,
    List<String> tags,
    List<String> inputs,
    List<String> outputs,
    List<String> parameters,
    List<String> exclude,
    boolean logits) {
  public Options {
    tags = List.copyOf(tags);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    parameters = List.copyOf(parameters);
    exclude = List.copyOf(exclude);
  }

  /** Everything as the file says. */
  public static Options defaults() {
    return new Options(
        Optional.empty(), List.of(), List.of(), List.of(), List.of(), List.of(), false);
  }

  public Options withSignature(String name) {
    return new Options(Optional.of(name), tags, inputs, outputs, parameters, exclude, logits);
  }

  public Options withTags(List<String> tags) {
    return new Options(signature, tags, inputs, outputs, parameters, exclude, logits);
  }

  public Options withInputs(List<String> inputs) {
    return new Options(signature, tags, inputs, outputs, parameters, exclude, logits);
  }

  public Options withOutputs(List<String> outputs) {
    return new Options(signature, tags, inputs, outputs, parameters, exclude, logits);
  }

  public Options withParameters(List<String> patterns) {
    return new Options(signature, tags, inputs, outputs, patterns, exclude, logits);
  }

  public Options withExclude(List<String> patterns) {
    return new Options(signature, tags, inputs, outputs, parameters, patterns, logits);
  }

  public Options withLogits(boolean logits) {
    return new Options(signature, tags, inputs, outputs, parameters, exclude, logits);
  }
}
