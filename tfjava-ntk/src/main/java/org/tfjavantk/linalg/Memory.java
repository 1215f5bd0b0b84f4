package org.tfjavantk.linalg;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tfjavantk.graphs.UserException;

/** What fits into the memory of the machine. */
public final class Memory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";
  private static final double GIB = 1L << 30;

  private Memory() {}

  /** Bytes that a new allocation can have without swapping, within the limit of a container. */
  public static long available() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    long total = system.getTotalMemorySize();
    if (!Files.isReadable(MEMINFO)) {
      return total;
    }
    try {
      return Files.readAllLines(MEMINFO).stream()
          .filter(line -> line.startsWith(AVAILABLE))
          .map(line -> line.substring(AVAILABLE.length()).replace("kB", "").strip())
          .mapToLong(kib -> Long.parseLong(kib) * 1024)
          .map(bytes -> Math.min(bytes, total))
          .findFirst()
          .orElse(total);
    } catch (IOException e) {
      return total;
    }
  }

  /**
   * Refuses work that doesn't fit, before it starts.
   *
   * @param bytes what the work allocates
   * @param purpose what it is for, as the start of the message
   * @param advice which setting makes it smaller
   * @throws UserException when less is available
   */
  public static void require(long bytes, String purpose, String advice) {
    require(bytes, available(), purpose, advice);
  }

  /** As {@link #require(long, String, String)} where {@code available} bytes are. */
  public static void require(long bytes, long available, String purpose, String advice) {
    if (bytes > available) {
      throw new UserException(
          "%s needs %.1f GiB of memory and this machine has %.1f GiB free: %s"
              .formatted(purpose, bytes / GIB, available / GIB, advice));
    }
  }
}
