package org.tfjavantk.cli.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.tensorflow.TensorFlow;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Devices;

/** This machine and this program, as environment.json and {@code ntk info} describe them. */
public final class Machine {
  private static final List<String> PRECISION_SWITCHES =
      List.of(
          "NVIDIA_TF32_OVERRIDE",
          "ONEDNN_DEFAULT_FPMATH_MODE",
          "TF_SET_ONEDNN_FPMATH_MODE",
          "TF_ENABLE_ONEDNN_OPTS",
          "TF_XLA_FLAGS");

  private Machine() {}

  /** The version of this program and the commit it was built from, which may be empty. */
  public record Version(String number, String commit) {
    /** Read from what the build has left in the program. */
    public static Version ofProgram() {
      Properties version = properties("/org/tfjavantk/cli/version.properties");
      Properties git = properties("/org/tfjavantk/cli/git.properties");
      return new Version(version.getProperty("version", "unknown"), git.getProperty("commit", ""));
    }
  }

  /** This machine for a run that starts now. */
  public static Environment forRun(Run run) {
    DeviceChoice choice = Build.device(run);
    String now =
        OffsetDateTime.now()
            .truncatedTo(ChronoUnit.SECONDS)
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    return describe(choice).forRun(Long.toUnsignedString(run.getSeed()), choice.threads(), now);
  }

  /** This machine; TensorFlow's devices as they are with the given choice. */
  public static Environment describe(DeviceChoice choice) {
    Version version = Version.ofProgram();
    long memory =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return new Environment(
        version.number(),
        version.commit(),
        TensorFlow.version(),
        System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        choice.threads(),
        memory,
        Runtime.getRuntime().maxMemory(),
        devices(choice),
        switches(),
        "",
        "",
        List.of());
  }

  /**
   * The environment variables that can change precision and speed; "not set" where there is none.
   */
  public static Map<String, String> switches() {
    Map<String, String> switches = new LinkedHashMap<>();
    for (String name : PRECISION_SWITCHES) {
      String value = System.getenv(name);
      switches.put(name, value == null ? "not set" : value);
    }
    return switches;
  }

  /** What TensorFlow can compute on, "CPU:0" first. */
  private static List<String> devices(DeviceChoice choice) {
    // What TensorFlow says of a CPU's memory is a made-up number.
    return Devices.list(choice).stream()
        .map(
            device ->
                device.name().startsWith("CPU")
                    ? device.name()
                    : device.name() + ", " + Bytes.format(device.memory()) + " for TensorFlow")
        .toList();
  }

  private static Properties properties(String resource) {
    Properties properties = new Properties();
    try (InputStream in = Machine.class.getResourceAsStream(resource)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
