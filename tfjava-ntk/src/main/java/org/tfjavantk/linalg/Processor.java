package org.tfjavantk.linalg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What the processor can do. */
public final class Processor {
  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
  private static final List<String> BFLOAT16 = List.of("amx_bf16", "avx512_bf16", "bf16");

  private Processor() {}

  /**
   * Whether it has instructions that multiply bfloat16 numbers and sum in float32: twice to sixteen
   * times as fast as float32. False where the system does not tell.
   */
  public static boolean multipliesBfloat16() {
    try {
      return multipliesBfloat16(Files.readAllLines(DESCRIPTION));
    } catch (IOException e) {
      return false;
    }
  }

  static boolean multipliesBfloat16(List<String> description) {
    return description.stream()
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).split("\\s+")))
        .anyMatch(BFLOAT16::contains);
  }
}
