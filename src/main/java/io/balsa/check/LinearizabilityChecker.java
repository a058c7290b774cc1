package io.balsa.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks for one order of all operations that explains every answer and respects time, a key at a
 * time: by {@link Search}, the search of Wing and Gong with Lowe's memory of states seen, and for
 * registers also by {@link RegisterSearch}, which follows all orders at once.
 *
 * <p>All keys get a small budget of steps, then those undecided a ten times larger one, and so on:
 * one hopeless key does not hide the one that is quickly seen to be wrong, and a strategy that is
 * lost does not hide that the other is at its end.
 */
public final class LinearizabilityChecker {
  private static final long FIRST_BUDGET = 10_000;

  private final Model<?> model;
  private final Limits limits;

  /**
   * What a check may cost.
   *
   * @param stepsMax the largest budget of one attempt at one key; a strategy has up to three
   * @param memoryBytesMax what the memory of one key's strategy may take, about
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
    List<List<Strategy>> undecided =
        history.byKey().stream().map(key -> strategies(model, key)).toList();
    long steps = 0;
    for (long budget = FIRST_BUDGET; !undecided.isEmpty(); budget *= 10) {
      List<List<Strategy>> hard = new ArrayList<>();
      for (List<Strategy> key : undecided) {
        switch (decide(key, Math.min(budget, limits.stepsMax))) {
          case Verdict.Ok ok -> steps += ok.steps();
          case Verdict.Illegal illegal -> {
            return illegal;
          }
          case Verdict.Unknown _ -> hard.add(key);
        }
      }
      undecided = hard;
      if (budget >= limits.stepsMax) {
        break;
      }
    }
    return undecided.isEmpty() ? new Verdict.Ok(steps) : unknown(undecided.size());
  }

  /** What one of them says of their key; who needs too much memory is not asked again. */
  private Verdict decide(List<Strategy> strategies, long budget) {
    for (Strategy strategy : List.copyOf(strategies)) {
      switch (strategy.run(budget, limits.memoryBytesMax)) {
        case LEGAL -> {
          return new Verdict.Ok(strategy.steps());
        }
        case ILLEGAL -> {
          return strategy.counterExample();
        }
        case OUT_OF_MEMORY -> strategies.remove(strategy);
        case OUT_OF_STEPS -> {}
      }
    }
    return unknown(1);
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

  private static <S> List<Strategy> strategies(Model<S> model, History key) {
    List<Operation> settled = UnknownOutcomes.settle(key.operations());
    List<Strategy> strategies = new ArrayList<>();
    strategies.add(new Search<>(model, settled));
    RegisterSearch register = model instanceof RegisterModel ? RegisterSearch.of(settled) : null;
    if (register != null) {
      strategies.add(register);
    }
    return strategies;
  }
}
