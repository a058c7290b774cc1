package io.balsa.mutants;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Tries a mutant with one seed after the other until a check of the world catches it. */
public final class Hunt {
  /**
   * A seed that computes longer stands still; the slowest machine needs a tenth of it. What counts
   * is the time that its thread ran: on a busy machine the clock would catch what is not there.
   */
  private static final long SEED_NANOS = 20_000_000_000L;

  /** A seed that waits for something that never comes computes nothing. */
  private static final long SEED_SECONDS_MAX = 600;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Path sources;
  private final long first;
  private final int seeds;
  private final Duration faults;

  /**
   * A hunt.
   *
   * @param sources the folder that the paths of edits begin in
   * @param seeds how many seeds to try, from {@code first} on
   * @param faults how long things go wrong in each, in virtual time
   */
  public Hunt(Path sources, long first, int seeds, Duration faults) {
    this.sources = sources;
    this.first = first;
    this.seeds = seeds;
    this.faults = faults;
  }

  /**
   * What became of a mutant.
   *
   * @param seeds how many seeds were run
   * @param check what the last of them broke; null when none did
   */
  public record Outcome(Mutant mutant, int seeds, long lastSeed, @Nullable String check) {
    /** Whether a seed broke. */
    public boolean isCaught() {
      return check != null;
    }
  }

  /**
   * Hunts one mutant.
   *
   * @throws BadMutant when it does not fit the sources or does not compile
   */
  public Outcome hunt(Mutant mutant) throws BadMutant {
    BiFunction<Long, Duration, @Nullable String> trial = trial(mutant.compile(sources));
    for (int tried = 1; tried <= seeds; tried++) {
      long seed = first + tried - 1;
      String broken = run(trial, seed);
      if (broken != null) {
        return new Outcome(mutant, tried, seed, broken);
      }
    }
    return new Outcome(mutant, seeds, first + seeds - 1, null);
  }

  @SuppressWarnings("unchecked") // the very class is named
  private static BiFunction<Long, Duration, @Nullable String> trial(Map<String, byte[]> classes) {
    try {
      Class<?> there = Class.forName(SeedTrial.class.getName(), true, new MutantLoader(classes));
      return (BiFunction<Long, Duration, @Nullable String>)
          there.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("our own classes are there", e);
    }
  }

  /** A mutant may stand still for ever, so a seed has a thread of its own. */
  private @Nullable String run(BiFunction<Long, Duration, @Nullable String> trial, long seed) {
    CompletableFuture<@Nullable String> ended = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("seed-" + seed)
            .start(() -> ended.complete(trial.apply(seed, faults)));
    for (int second = 1; second <= SEED_SECONDS_MAX; second++) {
      try {
        return ended.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException _) {
        if (THREADS.getThreadCpuTime(thread.threadId()) > SEED_NANOS) {
          break;
        }
      } catch (ExecutionException e) {
        throw new CompletionException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CompletionException(e);
      }
    }
    return "the world stands still";
  }
}
