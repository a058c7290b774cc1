package io.balsa.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** The threads that ran at one moment, to find those that were started later and run on. */
final class RunningThreads {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Pools of the JDK keep idle threads for a minute. */
  private static final String OF_THE_JDK = "ForkJoinPool\\.commonPool-.*|process reaper.*";

  private final Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());

  private Set<String> since() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread) && thread.isAlive())
        .map(Thread::getName)
        .filter(name -> !name.matches(OF_THE_JDK))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Threads of gRPC and Netty end a second or two after their last use. */
  void awaitEndOfOthers() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    Set<String> left = since();
    while (!left.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      left = since();
    }
    assertThat(left).as("threads that run on").isEmpty();
  }
}
