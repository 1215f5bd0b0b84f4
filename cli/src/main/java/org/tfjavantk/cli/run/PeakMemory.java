package org.tfjavantk.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory that this process holds, and the most that it has held. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String HIGH_WATER_MARK = "VmHWM:";

  private static final String RESIDENT = "VmRSS:";

  private PeakMemory() {}

  /** Bytes of resident memory now; 0 where the system does not tell. */
  public static long now() {
    return status(RESIDENT);
  }

  /** Bytes of resident memory at their peak; 0 where the system does not tell. */
  public static long bytes() {
    return status(HIGH_WATER_MARK);
  }

  private static long status(String name) {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).replace("kB", "").strip())
          .mapToLong(kib -> Long.parseLong(kib) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
