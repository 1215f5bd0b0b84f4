package org.tfjavantk.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.graphs.DeviceChoice;

/** Runs one benchmark: {@code Main ROOT NAME [ROUNDS]}; the script benchmarks/run starts it. */
public final class Main {
  private static final int ROUNDS = 9;

  private Main() {}

  /** Prints the table and writes ROOT/results/NAME.json. */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Map<String, Supplier<Benchmark>> benchmarks = new TreeMap<>();
    benchmarks.put("transforms", TransformsBenchmark::new);
    benchmarks.put("jacobian", () -> new JacobianBenchmark(root.resolve("peers")));
    if (args.length < 2 || !benchmarks.containsKey(args[1])) {
      System.err.println("usage: benchmarks/run NAME [ROUNDS], NAME one of " + benchmarks.keySet());
      System.exit(2);
    }
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : ROUNDS;
    Report report = benchmarks.get(args[1]).get().run(rounds);
    System.out.print(report.table());
    Path results = Files.createDirectories(root.resolve("results"));
    Path file = results.resolve(args[1] + ".json");
    Files.writeString(file, report.json(Machine.describe(DeviceChoice.AUTO)));
  }
}
