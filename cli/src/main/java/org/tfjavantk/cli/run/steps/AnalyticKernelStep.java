package org.tfjavantk.cli.run.steps;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.config.proto.EmpiricalKernel.Storage;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.infinite.AnalyticKernel;
import org.tfjavantk.infinite.AnalyticTiles;
import org.tfjavantk.infinite.InfinitePlan;
import org.tfjavantk.infinite.MedianDistance;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.tile.TiledKernel;

/** Computes a kernel of the examples alone, without a network. */
final class AnalyticKernelStep extends ClosedFormStep {
  AnalyticKernelStep(RunInputs inputs) {
    super(inputs);
  }

  @Override
  public String title() {
    return "analytic_kernel";
  }

  @Override
  Fingerprint ingredients(StepContext context) {
    return new Fingerprint()
        .add("seed", context.run().getSeed())
        .add("kernel", context.step().getAnalyticKernel());
  }

  @Override
  ClosedForm form(StepContext context, KernelSets sets, int longest) {
    var config = context.step().getAnalyticKernel();
    Length length = new Length(context, sets.train());
    AnalyticKernel kernel = Build.kernel(config, length);
    AnalyticTiles tiles = AnalyticTiles.of(kernel, sets.train().shape());
    InfinitePlan plan =
        tiles.plan(
            longest,
            Build.precision(config.getPrecision()),
            Bytes.parse(config.getMemory()),
            config.getTile());
    return new Form(config, kernel, tiles, plan, length.asked);
  }

  /** The median distance of the training examples, computed where a kernel asks for it. */
  private static final class Length implements DoubleSupplier {
    private final StepContext context;
    private final Examples train;
    private boolean asked;

    Length(StepContext context, Examples train) {
      this.context = context;
      this.train = train;
    }

    @Override
    public double getAsDouble() {
      asked = true;
      double median = MedianDistance.of(train, context.run().getSeed());
      if (!(median > 0)) {
        throw new UserException(
            KernelSets.title(context)
                + ": a length of 0 asks for the median distance of the training examples, which is "
                + median
                + "; give a length above 0");
      }
      return median;
    }
  }

  private record Form(
      org.tfjavantk.config.proto.AnalyticKernel config,
      AnalyticKernel kernel,
      AnalyticTiles tiles,
      InfinitePlan plan,
      boolean median)
      implements ClosedForm {
    @Override
    public TiledKernel tiled(Examples rows, Examples columns, List<? extends TileSink> stores) {
      return tiles.tiled(rows, columns, stores.get(0), plan);
    }

    @Override
    public Precision arithmetic() {
      return tiles.arithmetic(plan.precision());
    }

    @Override
    public Storage storage() {
      return config.getStorage();
    }

    @Override
    public String memory() {
      return config.getMemory();
    }

    @Override
    public Map<String, Object> attributes(int matrix) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      attributes.put("what", "analytic kernel");
      attributes.put("function", kernel.toString());
      attributes.put("formula", kernel.formula());
      if (kernel instanceof AnalyticKernel.Radial radial) {
        attributes.put("length", radial.length());
        attributes.put("length_is_median_distance", median);
      }
      return attributes;
    }

    @Override
    public String title() {
      return "Analytic kernel";
    }

    @Override
    public String words() {
      return "The kernel k(x, z) = "
          + kernel.formula()
          + (median ? ", whose length is the median distance of training examples," : "");
    }
  }
}
