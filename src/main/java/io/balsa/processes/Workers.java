package io.balsa.processes;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Threads that run the same task, each with its number from 0 on. */
public final class Workers {
  private final List<Thread> threads;

  private Workers(List<Thread> threads) {
    this.threads = threads;
  }

  public static Workers start(String name, int count, IntConsumer work) {
    return new Workers(
        IntStream.range(0, count)
            .mapToObj(
                number -> Thread.ofVirtual().name(name + number).start(() -> work.accept(number)))
            .toList());
  }

  /** Waits until all threads have ended. */
  public void join() {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        throw Awaiting.interrupted(interrupted);
      }
    }
  }
}
