package org.tfjavantk.benchmarks;

/** One benchmark, which Main starts by its name. */
interface Benchmark {
  /**
   * Measures.
   *
   * @param rounds how often each contestant runs and is timed
   */
  Report run(int rounds);
}
