package org.tfjavantk.empirical;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How a parameter's part of the kernel is computed.
 *
 * @param parameter its name
 * @param shape its dimensions
 * @param use where it enters: "dense", "conv", "depthwise", "shift", "stretch", or "opaque" where
 *     that was not recognised; several uses are joined by "+"
 * @param route "jacobian", "gram" or "tangent"
 */
public record ParameterRoute(String parameter, List<Integer> shape, String use, String route) {
  static ParameterRoute of(Part part) {
    String uses =
        part.uses().stream()
            .map(use -> use.getClass().getSimpleName().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining("+"));
    List<Integer> shape = Arrays.stream(part.parameter().spec().shape()).boxed().toList();
    return new ParameterRoute(
        part.parameter().name(), shape, uses, part.route().name().toLowerCase(Locale.ROOT));
  }
}
