package io.balsa.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows all configurations of a register's history at once, from return to return: the
 * just-in-time linearization of Lowe ("Testing for linearizability", 2017). At the return of an
 * operation, the configurations in which it is open are extended by writes until one linearizes it.
 * This suits few values and many clients, where {@link WingGongSearch} has to remember too many
 * states.
 *
 * <p>Configuration A dominates configuration B when every continuation of B is also one of A; B is
 * then dropped. These rules keep the configurations few and lose no linearization:
 *
 * <ol>
 *   <li>A read (or a failed swap) that fits the value is linearized at once. Any continuation stays
 *       valid.
 *   <li>A pending open put may be linearized just before another put, where no read sees it, or
 *       where the register already has its value. From then on the put is free: it counts as
 *       linearized, or is linearized later where a read sees it. Free dominates open and done.
 *   <li>Of equal pending writes, the one that returns first is linearized first. In an order with
 *       the two the other way round, they can change places, as both had been called. Writes of
 *       unknown outcome come last.
 *   <li>Before the return of an operation, only writes that lead to its linearization are
 *       linearized. All others can follow after the return. At its own return, a free put is also
 *       linearized where a read sees it, for the last time.
 *   <li>A write is idle when it answers no open read and is a put or an optional swap. After an
 *       idle write, no put is next: without the idle write, the put leads to the same value and
 *       leaves more to use.
 *   <li>A write of unknown outcome is optional: a configuration that has not used it dominates.
 * </ol>
 *
 * There are three attempts. A linearization is proved when it is found, so an incomplete search may
 * find it. The first attempt is thrifty: it keeps few configurations of each value ({@link
 * Frontier}), and more each time it runs again. The second is relaxed: it may use each optional
 * write any number of times. If there is no linearization even so, the history has none. The third
 * is exact.
 */
final class RegisterSearch implements Strategy {
  /** How an attempt uses optional writes. */
  private enum Attempt {
    THRIFTY,
    RELAXED,
    EXACT
  }

  /** Comparing two configurations is quick: this many comparisons count as one step. */
  private static final int COMPARISONS_OF_STEP = 64;

  private final RegisterHistory history;
  private final Set<Attempt> promising = EnumSet.allOf(Attempt.class);
  private int thriftyConfigurations = 8;
  private long steps;
  private Verdict.@Nullable Illegal contradiction;

  private RegisterSearch(RegisterHistory history) {
    this.history = history;
    if (BitRow.isEmpty(history.optionalWrites())) {
      promising.remove(Attempt.RELAXED);
    }
  }

  /** Null when an operation is not one on a register. */
  static @Nullable RegisterSearch of(List<Operation> operations) {
    RegisterHistory history = RegisterHistory.of(operations);
    return history == null ? null : new RegisterSearch(history);
  }

  @Override
  public long steps() {
    return steps;
  }

  /** Each attempt may take {@code stepsMax} steps. */
  @Override
  public Ending run(long stepsMax, long memoryBytesMax) {
    steps = 0;
    Ending ending = Ending.OUT_OF_STEPS;
    for (Attempt attempt : List.copyOf(promising)) {
      Run run = new Run(attempt, stepsMax, memoryBytesMax);
      ending = run.all();
      steps += run.steps();
      if (ending == Ending.LEGAL && attempt != Attempt.RELAXED) {
        RegisterLinearization.prove(history, run.order());
        return ending;
      }
      if (ending == Ending.ILLEGAL && (attempt != Attempt.THRIFTY || run.complete)) {
        contradiction = run.contradiction();
        return ending;
      }
      if (attempt == Attempt.THRIFTY && ending == Ending.ILLEGAL) {
        thriftyConfigurations *= 4;
      } else if (attempt == Attempt.RELAXED && ending != Ending.OUT_OF_STEPS) {
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
    private final boolean relaxed;
    private final long stepsMax;
    private final long configurationsMax;
    private final PendingOperations pending = new PendingOperations(history);
    private List<PartialLinearization> configurations =
        List.of(PartialLinearization.initial(history.words()));
    private boolean complete = true;
    private long tried;
    private long comparisons;
    private int at;

    /** Configurations in which the operation that returns has been linearized. */
    private Frontier past;

    /** Configurations in which it is still open; {@code idle} has those after an idle write. */
    private Frontier before;

    private Frontier idle;
    private final Deque<PartialLinearization> work = new ArrayDeque<>();
    private final Deque<PartialLinearization> idleWork = new ArrayDeque<>();

    Run(Attempt attempt, long stepsMax, long memoryBytesMax) {
      this.thrifty = attempt == Attempt.THRIFTY;
      this.relaxed = attempt == Attempt.RELAXED;
      this.stepsMax = stepsMax;
      this.configurationsMax = memoryBytesMax / PartialLinearization.bytes(history.words());
      this.past = frontier();
      this.before = frontier();
      this.idle = frontier();
    }

    private Frontier frontier() {
      return new Frontier(
          thrifty, thrifty ? thriftyConfigurations : Integer.MAX_VALUE, history.optionalWrites());
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
          ending = returns(index);
        }
      }
      at--;
      return ending;
    }

    private void call(int index) {
      pending.called(index);
      int slot = history.slot(index);
      configurations =
          configurations.stream()
              .map(
                  configuration ->
                      pending.isOpen(index, configuration.state)
                          ? configuration.withOpen(slot)
                          : configuration)
              .toList();
    }

    private Ending returns(int index) {
      renewFrontiers();
      begin(index);
      while (!work.isEmpty() || !idleWork.isEmpty()) {
        if (steps() >= stepsMax) {
          return Ending.OUT_OF_STEPS;
        }
        if (configurations.size() + past.size() + before.size() + idle.size() > configurationsMax) {
          return Ending.OUT_OF_MEMORY;
        }
        if (idleWork.isEmpty()) {
          extend(work.remove(), index, false);
        } else {
          extend(idleWork.remove(), index, true);
        }
      }
      complete &= past.isComplete() && before.isComplete() && idle.isComplete();
      if (past.size() == 0) {
        return Ending.ILLEGAL;
      }
      configurations = past.all();
      pending.returned(index);
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
      for (PartialLinearization configuration : configurations) {
        if (!configuration.isOpen(slot)) {
          past.add(configuration.without(slot));
        }
        boolean lastTime = history.action(index).isPut() && !configuration.isDone(slot);
        if ((configuration.isOpen(slot) || lastTime) && before.add(configuration)) {
          work.add(configuration);
        }
      }
    }

    /** Extends a configuration by each write that may be next. */
    private void extend(PartialLinearization configuration, int index, boolean casOnly) {
      int slot = history.slot(index);
      for (int write : pending.choices(configuration, casOnly)) {
        tried++;
        boolean optional = !history.isCertain(write);
        PartialLinearization after = pending.after(configuration, write, at, relaxed && optional);
        boolean done = write == index;
        if (done || (configuration.isOpen(slot) && !after.isOpen(slot))) {
          past.add(after.without(slot));
        }
        if (done || (!after.isOpen(slot) && !history.action(index).isPut())) {
          continue;
        }
        boolean maybeIdle = optional || history.action(write).isPut();
        if (!maybeIdle || pending.answersRead(configuration, write)) {
          if (before.add(after)) {
            work.add(after);
          }
        } else if (!before.dominates(after) && idle.add(after)) {
          idleWork.add(after);
        }
      }
    }

    List<Operation> order() {
      return RegisterLinearization.of(
          history, configurations.getFirst().path, history.events().length);
    }

    /** One of the configurations that came furthest, and the operation that does not fit it. */
    Verdict.Illegal contradiction() {
      List<Operation> order = RegisterLinearization.of(history, configurations.getFirst().path, at);
      int from = Math.max(0, order.size() - Verdict.Illegal.SHOWN);
      Operation stuck = history.operation(EventList.operation(history.events()[at]));
      return new Verdict.Illegal(
          order.subList(from, order.size()),
          order.size(),
          List.of(stuck),
          String.valueOf(RegisterLinearization.stateAfter(order)));
    }
  }
}
