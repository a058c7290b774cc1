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

/** Runs a mutant with one seed after the other, until a check of the simulator catches it. */
public final class Hunt {
  /**
   * A seed that uses more CPU time than this counts as a standstill; the slowest machine needs a
   * tenth of it. CPU time counts, not the clock: a busy machine is slow without any bug.
   */
  private static final long SEED_NANOS = 20_000_000_000L;

  /** A seed may wait for ever and use no CPU time, so the clock has a limit too. */
  private static final long SEED_SECONDS_MAX = 600;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Path sources;
  private final long first;
  private final int seeds;
  private final Duration faults;

  /**
   * Runs of mutants.
   *
   * @param sources the folder with the sources; the paths of edits are relative to it
   * @param seeds the number of seeds to try, from {@code first} on
   * @param faults the length of the phase with faults in each seed, in virtual time
   */
  public Hunt(Path sources, long first, int seeds, Duration faults) {
    this.sources = sources;
    this.first = first;
    this.seeds = seeds;
    this.faults = faults;
  }

  /**
   * The result for a mutant.
   *
   * @param seeds the number of seeds that were run
   * @param check the check that the last seed failed; null when all seeds passed
   */
  public record Outcome(Mutant mutant, int seeds, long lastSeed, @Nullable String check) {
    /** Whether a seed failed. */
    public boolean isCaught() {
      return check != null;
    }
  }

  /**
   * Runs one mutant.
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

  @SuppressWarnings("unchecked") // SeedTrial implements this interface
  private static BiFunction<Long, Duration, @Nullable String> trial(Map<String, byte[]> classes) {
    try {
      Class<?> there = Class.forName(SeedTrial.class.getName(), true, new MutantLoader(classes));
      return (BiFunction<Long, Duration, @Nullable String>)
          there.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("SeedTrial is on the class path", e);
    }
  }

  /** A mutant may never end, so a seed has its own thread. */
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
