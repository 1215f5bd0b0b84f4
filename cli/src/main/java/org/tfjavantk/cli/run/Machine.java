package org.tfjavantk.cli.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.DeviceChoice;

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
    int threads = run.getDevice().getThreads();
    DeviceChoice.Kind kind = DeviceChoice.Kind.valueOf(run.getDevice().getKind().name());
    String now =
        OffsetDateTime.now()
            .truncatedTo(ChronoUnit.SECONDS)
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    return describe(new DeviceChoice(kind, threads))
        .forRun(Long.toUnsignedString(run.getSeed()), threads, now);
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

  /**
   * What TensorFlow can compute on, "CPU:0" first. The choice is handed on because the first
   * context of a process settles how many threads there are and how a GPU's memory is taken.
   */
  private static List<String> devices(DeviceChoice choice) {
    List<String> devices = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      scope.getClass();
      TF_Status status = TF_Status.newStatus();
      TFE_ContextOptions options = TFE_ContextOptions.newContextOptions();
      BytePointer config = new BytePointer(choice.config().toByteArray());
      tensorflow.TFE_ContextOptionsSetConfig(options, config, config.capacity(), status);
      status.throwExceptionIfNotOK();
      TFE_Context context = TFE_Context.newContext(options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList list = tensorflow.TFE_ContextListDevices(context, status);
      status.throwExceptionIfNotOK();
      try {
        for (int i = 0; i < tensorflow.TF_DeviceListCount(list); i++) {
          devices.add(device(list, i, status));
        }
      } finally {
        tensorflow.TF_DeleteDeviceList(list);
      }
    }
    return devices;
  }

  private static String device(TF_DeviceList list, int i, TF_Status status) {
    String name = tensorflow.TF_DeviceListName(list, i, status).getString();
    status.throwExceptionIfNotOK();
    String brief = name.substring(name.lastIndexOf("device:") + "device:".length());
    long memory = tensorflow.TF_DeviceListMemoryBytes(list, i, status);
    status.throwExceptionIfNotOK();
    // What TensorFlow says of a CPU's memory is a made-up number.
    return brief.startsWith("CPU")
        ? brief
        : brief + ", " + Bytes.format(memory) + " for TensorFlow";
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
