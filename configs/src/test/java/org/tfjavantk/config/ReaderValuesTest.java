package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.config.proto.Device;
import org.tfjavantk.config.proto.Run;

/** What is read is what was written. */
class ReaderValuesTest {
  @Test
  void readsTheTextFormat() throws TextFormat.ParseException {
    Run run = Configs.parse(Configs.VALID);
    assertEquals("trial", run.getName());
    assertEquals(Device.Kind.CPU, run.getDevice().getKind());
    assertEquals(List.of(3, 5), run.getDataset().getClassesList());
    assertEquals(List.of(16, 8), run.getNetwork().getMlp().getHiddenList());
    assertEquals("1GiB", run.getStep(1).getEmpiricalKernel().getMemory());
    assertTrue(run.getStep(2).hasKernelRegression());
    assertEquals("a\tb/\u00e9", run.getOutput().getDir());
    assertEquals(TextFormat.parse(Configs.VALID, Run.class), run);
  }

  @Test
  void readsJsonWithEitherKindOfNames() throws InvalidProtocolBufferException {
    Run run = Configs.json(JsonErrorsTest.VALID);
    assertEquals(7, run.getSeed());
    assertEquals(16, run.getNetwork().getTwoLayer().getWidth());
    assertEquals(1.5, run.getNetwork().getWeightStd());
    assertEquals(10, run.getStep(0).getTrain().getBatchSize());
    Run.Builder expected = Run.newBuilder();
    JsonFormat.parser().merge(JsonErrorsTest.VALID, expected);
    assertEquals(expected.build(), run);
  }

  @Test
  void everyReadyConfigReadsTheSameFromTheJsonThatProtobufPrints()
      throws InvalidProtocolBufferException {
    for (Experiments.Experiment experiment : Experiments.list()) {
      Run run = Defaults.resolve(Configs.parse(experiment.text()));
      assertEquals(run, Configs.json(JsonFormat.printer().print(run)), experiment.name());
    }
  }

  @Test
  void readsFilesOfEveryExtensionAndSkipsAByteOrderMark(@TempDir Path folder) throws IOException {
    Run expected = Configs.parse(Configs.VALID);
    for (String name : List.of("a.textproto", "a.txtpb", "a.PBTXT")) {
      Path file = Files.writeString(folder.resolve(name), "\uFEFF" + Configs.VALID);
      assertEquals(expected, ConfigReader.read(file, List.of()));
    }
    Path json = Files.writeString(folder.resolve("a.json"), JsonErrorsTest.VALID);
    assertEquals(9, ConfigReader.read(json, List.of("seed=9")).getSeed());
  }

  @Test
  void readsLinesThatEndAsOnWindows() {
    assertEquals(Configs.parse(Configs.VALID), Configs.parse(Configs.VALID.replace("\n", "\r\n")));
  }
}
