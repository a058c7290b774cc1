package io.balsa.drill;

import java.util.Arrays;
import java.util.List;

/** Requests made at the same time. */
final class Probes {
  private Probes() {}

  /** Runs all at once and returns when all have ended. */
  static void together(Runnable... probes) {
    List<Thread> threads = Arrays.stream(probes).map(Thread.ofVirtual()::start).toList();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        throw Waiting.interrupted(interrupted);
      }
    }
  }
}
