package io.balsa.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Checks linearizability key by key: searches for one order of all operations that explains every
 * answer and respects real time. The checker uses {@link WingGongSearch}, and for registers also
 * {@link RegisterSearch}, which follows all orders at once.
 *
 * <p>All keys get a small budget of steps first; undecided keys then get ten times more, and so on.
 * So a hard key does not delay the verdict on a key that is quickly found wrong. Nor does a
 * strategy that makes no progress delay the other one.
 */
public final class LinearizabilityChecker {
  private static final long FIRST_BUDGET = 10_000;

  private final Model<?> model;
  private final Limits limits;

  /**
   * The limits of a check.
   *
   * @param stepsMax the largest budget of one attempt at one key; a strategy has up to three
   *     attempts
   * @param memoryBytesMax the approximate memory that a strategy may use for one key
   */
  public record Limits(long stepsMax, long memoryBytesMax) {
    /** About a minute, and a quarter of a heap of 1 GiB. */
    public static final Limits DEFAULT = new Limits(100_000_000, 256L << 20);
  }

  /** A checker with {@link Limits#DEFAULT}. */
  public LinearizabilityChecker(Model<?> model) {
    this(model, Limits.DEFAULT);
  }

  /** A checker with other limits. */
  public LinearizabilityChecker(Model<?> model, Limits limits) {
    this.model = model;
    this.limits = limits;
  }

  /** Checks a history. */
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

  /** The first verdict of a key's strategies; one that needs too much memory is dropped. */
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
    strategies.add(new WingGongSearch<>(model, settled));
    RegisterSearch register = model instanceof RegisterModel ? RegisterSearch.of(settled) : null;
    if (register != null) {
      strategies.add(register);
    }
    return strategies;
  }
}
