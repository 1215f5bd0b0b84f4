package org.tfjavantk.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times contestants side by side: every round runs each of them once, so that whatever else the
 * machine does meets all of them alike.
 */
final class Contest {
  /** One run of a contestant. */
  interface Contestant {
    /**
     * @return the seconds that it took
     */
    double run();

    /** A contestant that the clock here measures. */
    static Contestant of(Runnable body) {
      return () -> {
        long start = System.nanoTime();
        body.run();
        return 1e-9 * (System.nanoTime() - start);
      };
    }
  }

  private final Map<String, Contestant> contestants = new LinkedHashMap<>();

  Contest with(String name, Contestant contestant) {
    contestants.put(name, contestant);
    return this;
  }

  /** All timings after some rounds that do not count. */
  Map<String, Timings> run(int warmUps, int rounds) {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    contestants.keySet().forEach(name -> seconds.put(name, new ArrayList<>()));
    for (int round = -warmUps; round < rounds; round++) {
      for (var contestant : contestants.entrySet()) {
        double took = contestant.getValue().run();
        if (round >= 0) {
          seconds.get(contestant.getKey()).add(took);
        }
      }
    }
    Map<String, Timings> timings = new LinkedHashMap<>();
    seconds.forEach(
        (name, all) ->
            timings.put(
                name, new Timings(name, all.stream().mapToDouble(Double::doubleValue).toArray())));
    return timings;
  }
}
