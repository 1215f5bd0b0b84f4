package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.config.proto.Activation;
import org.tfjavantk.config.proto.Run;

class OverridesTest {
  @Test
  void setsFieldsOfEveryKind() {
    Run run =
        Configs.parse(
            Configs.VALID,
            "seed=18446744073709551615",
            "step[0].train.epochs=3",
            " step[0].train.sgd.momentum = .5 ",
            "step[train].train.augment.flip=false",
            "dataset.dir=/x/y z=#1",
            "dataset.classes=[1, 2,4]",
            "dataset.classes[1]=7",
            "network.mlp.activation=GELU",
            "output.dir=\"quoted\"",
            "dataset.preprocess={resize: 32}",
            "sweep.axis[0].values=[5, six, \"8\"]",
            "sweep.axis[0].values[1]=9");
    assertEquals(-1L, run.getSeed());
    assertEquals(3, run.getStep(0).getTrain().getEpochs());
    assertEquals(.5, run.getStep(0).getTrain().getSgd().getMomentum());
    assertEquals(.1, run.getStep(0).getTrain().getSgd().getLearningRate());
    assertFalse(run.getStep(0).getTrain().getAugment().getFlip());
    assertEquals("/x/y z=#1", run.getDataset().getDir());
    assertEquals(List.of(1, 7, 4), run.getDataset().getClassesList());
    assertEquals(Activation.GELU, run.getNetwork().getMlp().getActivation());
    assertEquals("quoted", run.getOutput().getDir());
    assertEquals(32, run.getDataset().getPreprocess().getResize());
    assertEquals(0, run.getDataset().getPreprocess().getStdCount());
    assertEquals(List.of("5", "9", "8"), run.getSweep().getAxis(0).getValuesList());
  }

  @Test
  void makesBlocksThatAreNotThere() {
    Run run =
        Configs.parse(
            "name: 'a' dataset { mnist {} }\nnetwork { lenet {} } step { train { sgd {} } }",
            "step[0].train.augment.rotate=20");
    assertEquals(20, run.getStep(0).getTrain().getAugment().getRotate());
  }

  @Test
  void choosingAnotherMemberDropsTheOneBefore() {
    Run run = Configs.parse(Configs.VALID, "step[0].train.adam.beta1=0.8", "network.lenet={}");
    assertFalse(run.getStep(0).getTrain().hasSgd());
    assertTrue(run.getNetwork().hasLenet());
  }

  @Test
  void repairsWhatTheFileLacks() {
    String text = Configs.VALID.replace("name: \"trial\"", "").replace("mnist {}", "");
    Run run = Configs.parse(text, "name=later", "dataset.kmnist={}", "step=[{train {sgd {}}}]");
    assertEquals("later", run.getName());
    assertEquals(1, run.getStepCount());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed | there is no \"=\"; write --set path=value, e.g. --set step[0].train.epochs=3",
        "=3 | found \"\" in the path; allowed: names and indices such as step[0].train.epochs",
        "step[0]..epochs=3 | step[0]: found \"\" in the path; allowed: names and indices such as step[0].train.epochs",
        "step[0].epochs=3 | step[0].epochs: no such field in Step; allowed: train, empirical_kernel, kernel_regression, spectrum, gaussian_process, gradient_flow, infinite_kernel, analytic_kernel, monte_carlo, deep_narrow_convergence, deep_narrow_mnist",
        "device.knd=CPU | device.knd: no such field in Device; allowed: kind, threads, index; did you mean kind?",
        "step[5].train.epochs=3 | step: found index 5; allowed: 0 to 2",
        "step[-1].train.epochs=3 | found \"step[-1]\" in the path; allowed: names and indices such as step[0].train.epochs",
        "step[99999999999].train.epochs=3 | step: found index 99999999999; allowed: 0 to 2",
        "step.train.epochs=3 | step: is a list of 3; say which, e.g. step[0]",
        "step[spectrum].train.epochs=3 | step: 0 of the 3 are \"spectrum\"; allowed: an index from 0, or what exactly one of them is",
        "seed[0]=3 | seed: is no list; write it without [0]",
        "seed.x=3 | seed: has no fields of its own; allowed: an integer of at least 0",
        "dataset.classes[0].x=3 | dataset.classes[0]: has no fields of its own; allowed: an integer of at least 0",
        "step[0].train.epochs=ten | step[0].train.epochs: found ten; allowed: an integer of at least 0",
        "step[0].train.epochs= | step[0].train.epochs: there is no value; allowed: an integer of at least 0",
        "step[0].train.epochs=-3 | step[0].train.epochs: found -3; allowed: an integer of at least 0",
        "step[0].train.epochs=3 batch_size: 4 | found \"batch_size\" after the value",
        "step[0].train.epochs=[3] | step[0].train.epochs: found a list [ ... ]; allowed: an integer of at least 0",
        "device.kind=cpu | device.kind: found cpu; allowed: AUTO, CPU, GPU; did you mean CPU?",
        "device={kind: TPU} | device.kind: found TPU; allowed: AUTO, CPU, GPU; did you mean CPU?",
        "device={kind: CPU | found the end; a \"}\" is missing for the \"{\" of line 1",
        "device=CPU | device: found CPU; allowed: a block { ... }",
        "dataset.classes=[1, x] | dataset.classes[1]: found x; allowed: an integer of at least 0",
        "dataset.classes[0]=[1] | dataset.classes[0]: found a list [ ... ]; allowed: an integer of at least 0",
        "dataset.npy.train_labels=x | dataset.npy.train_inputs: missing; NpyFiles needs at least one (a text in quotes)",
        "network={} | network: no architecture chosen; allowed: one of logistic, two_layer, mlp, lenet, resnet9, resnet18, resnet34, resnet50, resnet68, resnet101, resnet152, wrn28, mobilenet, mobilenetv2, vgg11, vgg13, densenet121, cnn, myrtle5, saved_model, frozen_graph",
        "step=[] | step: missing; Run needs at least one (a block { ... })",
        "sweep.axis[0].values=[{}] | sweep.axis[0].values[0]: found a block { ... }; allowed: a text in quotes",
        "step[1].empirical_kernel.memory=much | step[1].empirical_kernel.memory: found \"much\"; allowed: a size in bytes such as \"2GiB\", \"512MiB\" or \"1.5GB\" (B, kB, MB, GB, TB, KiB, MiB, GiB, TiB)",
      })
  void tellsWhatIsWrong(String override, String message) {
    assertEquals("--set " + override + ": " + message, Configs.error(Configs.VALID, override));
  }
}
