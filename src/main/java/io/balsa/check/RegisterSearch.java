package io.balsa.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows all ways to explain a register's history at once, from return to return: the just-in-time
 * linearization of Lowe ("Testing for linearizability", 2017). A way is a {@link Explanation};
 * before an operation returns, those in which it is open are led on by writes that do it. It is for
 * few values and many clients, where the states seen are too many to remember one by one.
 *
 * <p>What keeps the ways few, and why none is lost by it. Way A is as good as way B when every
 * continuation of B has one of A; B is then dropped.
 *
 * <ol>
 *   <li>A look (a read, a swap that failed) that fits the value is done at once: what follows stays
 *       valid with it here.
 *   <li>A put that is called and open when another is done may stand just before that one, where
 *       nobody sees it; so it may where the value is its own. From then on it is free: to be taken
 *       for done, or to be done where it is seen. Free is as good as open and as good as done.
 *   <li>Of operations that do the same the one that must return first is done first: if an order
 *       has them the other way round they can change places, as both were called. One of unknown
 *       outcome comes after all others.
 *   <li>Nothing is done before the return of an operation that is not done by it: what a way does
 *       between the two can be done after the return. A put that is free is also done where it is
 *       seen, for the last time, when it returns.
 *   <li>After writes that nobody needed (a put or an uncertain swap that answers no open look) no
 *       put is next: without them the put leads to the same, with more left.
 *   <li>A write of unknown outcome is a treat: nobody is worse off for not having had it.
 * </ol>
 *
 * An order is proved, so it may be found by luck; that there is none must be known. The first
 * attempt hopes for luck: it is thrifty and follows few ways of each value ({@link Frontier}), more
 * when it runs again. The second is for treats, which make the ways many, and lets each be had
 * again and again: if there is no way even so, there is none. The third follows all ways.
 */
final class RegisterSearch implements Strategy {
  /** How treats are dealt with. */
  private enum Attempt {
    THRIFTY,
    LAVISH,
    EXACT
  }

  /** That many comparisons of ways, which are quick, count as one step. */
  private static final int COMPARISONS_OF_STEP = 64;

  private final RegisterHistory history;
  private final Set<Attempt> promising = EnumSet.allOf(Attempt.class);
  private int thriftyWays = 8;
  private long steps;
  private Verdict.@Nullable Illegal contradiction;

  private RegisterSearch(RegisterHistory history) {
    this.history = history;
    if (BitRow.isEmpty(history.treats())) {
      promising.remove(Attempt.LAVISH);
    }
  }

  /** Null when an operation is not one of a register's. */
  static @Nullable RegisterSearch of(List<Operation> operations) {
    RegisterHistory history = RegisterHistory.of(operations);
    return history == null ? null : new RegisterSearch(history);
  }

  @Override
  public long steps() {
    return steps;
  }

  /** Each attempt has the steps that are given. */
  @Override
  public Ending run(long stepsMax, long memoryBytesMax) {
    steps = 0;
    Ending ending = Ending.OUT_OF_STEPS;
    for (Attempt attempt : List.copyOf(promising)) {
      Run run = new Run(attempt, stepsMax, memoryBytesMax);
      ending = run.all();
      steps += run.steps();
      if (ending == Ending.LEGAL && attempt != Attempt.LAVISH) {
        RegisterOrder.prove(history, run.order());
        return ending;
      }
      if (ending == Ending.ILLEGAL && (attempt != Attempt.THRIFTY || run.complete)) {
        contradiction = run.contradiction();
        return ending;
      }
      if (attempt == Attempt.THRIFTY && ending == Ending.ILLEGAL) {
        thriftyWays *= 4;
      } else if (attempt == Attempt.LAVISH && ending != Ending.OUT_OF_STEPS) {
        promising.remove(attempt);
      }
    }
    return ending;
  }

  @Override
  public Verdict.Illegal counterExample() {
    return Objects.requireNonNull(contradiction);
  }

  /** One attempt. */
  private final class Run {
    private final boolean thrifty;
    private final boolean lavish;
    private final long stepsMax;
    private final long waysMax;
    private final RegisterMoment moment = new RegisterMoment(history);
    private List<Explanation> ways = List.of(Explanation.initial(history.words()));
    private boolean complete = true;
    private long tried;
    private long comparisons;
    private int at;

    /** The ways past the return at hand. */
    private Frontier past;

    /** The ways before it, and those of them after writes that nobody needed. */
    private Frontier before;

    private Frontier idle;
    private final Deque<Explanation> work = new ArrayDeque<>();
    private final Deque<Explanation> idleWork = new ArrayDeque<>();

    Run(Attempt attempt, long stepsMax, long memoryBytesMax) {
      this.thrifty = attempt == Attempt.THRIFTY;
      this.lavish = attempt == Attempt.LAVISH;
      this.stepsMax = stepsMax;
      this.waysMax = memoryBytesMax / Explanation.bytes(history.words());
      this.past = frontier();
      this.before = frontier();
      this.idle = frontier();
    }

    private Frontier frontier() {
      return new Frontier(thrifty, thrifty ? thriftyWays : Integer.MAX_VALUE, history.treats());
    }

    long steps() {
      return tried
          + (comparisons + past.comparisons() + before.comparisons() + idle.comparisons())
              / COMPARISONS_OF_STEP;
    }

    Ending all() {
      Ending ending = Ending.LEGAL;
      int[] events = history.events();
      for (at = 0; ending == Ending.LEGAL && at < events.length; at++) {
        int index = EventList.operation(events[at]);
        if (EventList.isCall(events[at])) {
          call(index);
        } else if (history.isCertain(index)) {
          ending = lead(index);
        }
      }
      at--;
      return ending;
    }

    private void call(int index) {
      moment.called(index);
      int slot = history.slot(index);
      ways =
          ways.stream()
              .map(way -> moment.isOpen(index, way.state) ? way.withOpen(slot) : way)
              .toList();
    }

    private Ending lead(int index) {
      renewFrontiers();
      begin(index);
      while (!work.isEmpty() || !idleWork.isEmpty()) {
        if (steps() >= stepsMax) {
          return Ending.OUT_OF_STEPS;
        }
        if (ways.size() + past.size() + before.size() + idle.size() > waysMax) {
          return Ending.OUT_OF_MEMORY;
        }
        if (idleWork.isEmpty()) {
          leadOn(work.remove(), index, false);
        } else {
          leadOn(idleWork.remove(), index, true);
        }
      }
      complete &= past.isComplete() && before.isComplete() && idle.isComplete();
      if (past.size() == 0) {
        return Ending.ILLEGAL;
      }
      ways = past.all();
      moment.returned(index);
      return Ending.LEGAL;
    }

    private void renewFrontiers() {
      comparisons += past.comparisons() + before.comparisons() + idle.comparisons();
      past = frontier();
      before = frontier();
      idle = frontier();
    }

    private void begin(int index) {
      int slot = history.slot(index);
      for (Explanation way : ways) {
        if (!way.isOpen(slot)) {
          past.add(way.without(slot));
        }
        boolean lastTime = history.act(index).isPut() && !way.isDone(slot);
        if ((way.isOpen(slot) || lastTime) && before.add(way)) {
          work.add(way);
        }
      }
    }

    /** All that one write makes of a way. */
    private void leadOn(Explanation way, int index, boolean swapsOnly) {
      int slot = history.slot(index);
      for (int write : moment.choices(way, swapsOnly)) {
        tried++;
        boolean treat = !history.isCertain(write);
        Explanation after = moment.after(way, write, at, lavish && treat);
        boolean done = write == index;
        if (done || (way.isOpen(slot) && !after.isOpen(slot))) {
          past.add(after.without(slot));
        }
        if (done || (!after.isOpen(slot) && !history.act(index).isPut())) {
          continue;
        }
        boolean needless = treat || history.act(write).isPut();
        if (!needless || moment.answersLook(way, write)) {
          if (before.add(after)) {
            work.add(after);
          }
        } else if (!before.covers(after) && idle.add(after)) {
          idleWork.add(after);
        }
      }
    }

    List<Operation> order() {
      return RegisterOrder.of(history, ways.getFirst().path, history.events().length);
    }

    /** A way that went as far as any, and the operation that returned and can not be done in it. */
    Verdict.Illegal contradiction() {
      List<Operation> order = RegisterOrder.of(history, ways.getFirst().path, at);
      int from = Math.max(0, order.size() - Verdict.Illegal.SHOWN);
      Operation stuck = history.operation(EventList.operation(history.events()[at]));
      return new Verdict.Illegal(
          order.subList(from, order.size()),
          order.size(),
          List.of(stuck),
          String.valueOf(RegisterOrder.stateAfter(order)));
    }
  }
}
