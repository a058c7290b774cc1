package io.balsa.drill;

import io.balsa.processes.Workers;

/** Requests made at the same time. */
final class Probes {
  private Probes() {}

  /** Runs all at once and returns when all have ended. */
  static void together(Runnable... probes) {
    Workers.start("probe-", probes.length, number -> probes[number].run()).join();
  }
}
