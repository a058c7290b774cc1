package io.balsa.check;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks for one order of all operations that explains every answer and respects time: the search of
 * Wing and Gong with Lowe's memory of states seen, a key at a time.
 *
 * <p>All keys get a small budget of steps, then those undecided a ten times larger one, and so on:
 * one hopeless key does not hide the one that is quickly seen to be wrong.
 */
public final class LinearizabilityChecker {
  private static final long FIRST_BUDGET = 10_000;

  private final Model<?> model;
  private final Limits limits;

  /**
   * What a check may cost.
   *
   * @param stepsMax the largest budget of one key
   * @param memoryBytesMax what the memory of one key's search may take, about
   */
  public record Limits(long stepsMax, long memoryBytesMax) {
    /** A minute or so, and a quarter of a small heap. */
    public static final Limits DEFAULT = new Limits(100_000_000, 256L << 20);
  }

  /** A checker with {@link Limits#DEFAULT}. */
  public LinearizabilityChecker(Model<?> model) {
    this(model, Limits.DEFAULT);
  }

  /** A checker with limits of one's own. */
  public LinearizabilityChecker(Model<?> model, Limits limits) {
    this.model = model;
    this.limits = limits;
  }

  /** Judges a history. */
  public Verdict check(History history) {
    Deque<Search<?>> undecided = new ArrayDeque<>();
    for (History key : history.byKey()) {
      undecided.add(search(model, key));
    }
    long steps = 0;
    int gaveUp = 0;
    for (long budget = FIRST_BUDGET; !undecided.isEmpty(); budget *= 10) {
      boolean last = budget >= limits.stepsMax;
      for (int round = undecided.size(); round > 0; round--) {
        Search<?> search = undecided.remove();
        switch (search.run(Math.min(budget, limits.stepsMax), limits.memoryBytesMax)) {
          case LEGAL -> steps += search.steps();
          case ILLEGAL -> {
            return search.counterExample();
          }
          case OUT_OF_STEPS -> {
            if (last) {
              gaveUp++;
            } else {
              undecided.add(search);
            }
          }
          case OUT_OF_MEMORY -> gaveUp++;
        }
      }
    }
    return gaveUp == 0 ? new Verdict.Ok(steps) : unknown(gaveUp);
  }

  private Verdict unknown(int keys) {
    return new Verdict.Unknown(
        keys
            + " keys undecided within "
            + limits.stepsMax
            + " steps and "
            + (limits.memoryBytesMax >> 20)
            + " MiB each");
  }

  private static <S> Search<S> search(Model<S> model, History key) {
    return new Search<>(model, UnknownOutcomes.settle(key.operations()));
  }
}
