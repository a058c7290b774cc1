package io.balsa.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The search of Wing and Gong ("Testing and verifying concurrent objects", 1993) for an order of
 * one key's operations, with the cache of Lowe (2017).
 *
 * <pre>
 *   calls and returns in a list:   (a  (b  a)  (c  b)  c)      (x call, x) return
 *   may come next:                 any call before the first return: a, b
 *   place one: lift its call and return out of the list, continue at the head
 *   reach a return: nothing before it can be placed, so take the last one back
 * </pre>
 *
 * Four rules keep the search short:
 *
 * <ol>
 *   <li>The cache ({@link SeenStates}): the same placed operations with the same state are tried
 *       once, and not again with more operations of unknown outcome.
 *   <li>A read that may come next comes next, without another choice: any order that has it later
 *       stays valid with it here.
 *   <li>Operations with a rank come in the order of ranks ({@link Model#rank}).
 *   <li>Of operations of unknown outcome with equal requests, the one called first comes first.
 * </ol>
 *
 * Operations of unknown outcome have no return and need not be placed.
 */
final class WingGongSearch<S> implements Strategy {

  /** No operation can come next. */
  private static final int EXHAUSTED = -1;

  /** No placed operation is left to take back. */
  private static final int NONE = -2;

  private final Model<S> model;
  private final List<Operation> operations;
  private final int certain;
  private final EventList events;
  private final long[] ranks;
  private final long[] ranksInOrder;

  /** The previous operation of unknown outcome with an equal request; or -1. */
  private final int[] alike;

  private final int[] order;
  private final List<S> states = new ArrayList<>();
  private final boolean[] forced;
  private final long[] placed;
  private int depth;
  private int certainPlaced;
  private int rankedPlaced;
  private S state;
  private SeenStates<S> seen;
  private long steps;

  private int[] longest = {};
  private S longestState;

  WingGongSearch(Model<S> model, List<Operation> unordered) {
    this.model = model;
    this.operations = certainFirst(unordered);
    this.certain = (int) operations.stream().filter(Operation::isCertain).count();
    this.seen = new SeenStates<>(certain);
    this.events = new EventList(operations.subList(0, certain));
    this.ranks = operations.stream().mapToLong(model::rank).toArray();
    this.ranksInOrder =
        Arrays.stream(ranks).filter(rank -> rank != Model.UNRANKED).sorted().toArray();
    this.alike = alike();
    this.order = new int[operations.size()];
    this.forced = new boolean[operations.size()];
    this.placed = new long[operations.size() / 64 + 1];
    this.state = model.initial();
    this.longestState = state;
  }

  private static List<Operation> certainFirst(List<Operation> operations) {
    return operations.stream()
        .sorted(
            Comparator.comparing((Operation operation) -> !operation.isCertain())
                .thenComparingLong(Operation::called))
        .toList();
  }

  private int[] alike() {
    Map<KeyRequest, Integer> last = new HashMap<>();
    int[] before = new int[operations.size()];
    for (int i = 0; i < before.length; i++) {
      Integer other = i < certain ? null : last.put(operations.get(i).request(), i);
      before[i] = other == null ? -1 : other;
    }
    return before;
  }

  private boolean isPlaced(int index) {
    return BitRow.has(placed, index);
  }

  @Override
  public long steps() {
    return steps;
  }

  /** Searches from the beginning. */
  @Override
  public Ending run(long stepsMax, long memoryBytesMax) {
    reset();
    int event = events.first();
    while (certainPlaced < certain) {
      if (steps == stepsMax) {
        return Ending.OUT_OF_STEPS;
      }
      if (seen.bytes() > memoryBytesMax) {
        return Ending.OUT_OF_MEMORY;
      }
      steps++;
      if (event == EXHAUSTED) {
        noteLongest();
        event = takeBack();
        if (event == NONE) {
          return Ending.ILLEGAL;
        }
      } else if (!EventList.isCall(event)) {
        event = uncertainFrom(certain);
      } else if (place(EventList.operation(event))) {
        event = events.first();
      } else {
        event = after(event);
      }
    }
    return Ending.LEGAL;
  }

  /** The next event to try: first the certain operations, then those of unknown outcome. */
  private int after(int call) {
    int index = EventList.operation(call);
    return index < certain ? events.after(call) : uncertainFrom(index + 1);
  }

  private int uncertainFrom(int index) {
    return index < operations.size() ? EventList.call(index) : EXHAUSTED;
  }

  private void reset() {
    while (depth > 0) {
      unplace();
    }
    seen = new SeenStates<>(certain);
    steps = 0;
  }

  private boolean place(int index) {
    long rank = ranks[index];
    if (rank != Model.UNRANKED && rank != ranksInOrder[rankedPlaced]) {
      return false;
    }
    if (index >= certain && !mayComeNext(index)) {
      return false;
    }
    S after = model.step(state, operations.get(index));
    if (after == null) {
      return false;
    }
    boolean changesNothing = after.equals(state);
    if (changesNothing && index >= certain) {
      return false;
    }
    BitRow.set(placed, index);
    boolean withoutChoice = changesNothing && onlyRead(operations.get(index));
    if (!withoutChoice && !seen.add(placed, after)) {
      BitRow.clear(placed, index);
      return false;
    }
    push(index, after, withoutChoice);
    return true;
  }

  private boolean mayComeNext(int uncertain) {
    boolean first = alike[uncertain] < 0 || isPlaced(alike[uncertain]);
    return first && !isPlaced(uncertain) && operations.get(uncertain).called() <= firstReturn();
  }

  private long firstReturn() {
    int event = events.first();
    while (EventList.isCall(event)) {
      event = events.after(event);
    }
    return operations.get(EventList.operation(event)).returned();
  }

  /** Whether the operation changed nothing in any order. */
  private static boolean onlyRead(Operation operation) {
    return switch (operation.answer()) {
      case Answer.Found _, Answer.Nothing _ -> true;
      case Answer.Deleted deleted -> !deleted.existed();
      case Answer.Swapped swapped -> !swapped.swapped();
      case Answer.Done _, Answer.Unknown _ -> false;
    };
  }

  private void push(int index, S after, boolean withoutChoice) {
    order[depth] = index;
    forced[depth] = withoutChoice;
    states.add(state);
    depth++;
    state = after;
    certainPlaced += index < certain ? 1 : 0;
    rankedPlaced += ranks[index] == Model.UNRANKED ? 0 : 1;
    if (index < certain) {
      events.lift(index);
    }
  }

  /** Takes back the last operation that was a choice; returns the event to continue at. */
  private int takeBack() {
    while (depth > 0) {
      boolean choice = !forced[depth - 1];
      int index = unplace();
      if (choice) {
        return after(EventList.call(index));
      }
    }
    return NONE;
  }

  private int unplace() {
    depth--;
    int index = order[depth];
    state = states.removeLast();
    BitRow.clear(placed, index);
    certainPlaced -= index < certain ? 1 : 0;
    rankedPlaced -= ranks[index] == Model.UNRANKED ? 0 : 1;
    if (index < certain) {
      events.unlift(index);
    }
    return index;
  }

  private void noteLongest() {
    if (depth > longest.length || longest.length == 0) {
      longest = Arrays.copyOf(order, depth);
      longestState = state;
    }
  }

  /** Why a run ended illegal. */
  @Override
  public Verdict.Illegal counterExample() {
    for (int later = 0; later < certain; later++) {
      int earlier = ranks[later] == Model.UNRANKED ? -1 : contradicted(later);
      if (earlier >= 0) {
        Operation told = operations.get(earlier);
        return new Verdict.Illegal(
            List.of(told), 1, List.of(operations.get(later)), "newer than the answers below");
      }
    }
    int from = Math.max(0, longest.length - Verdict.Illegal.SHOWN);
    List<Operation> shown =
        Arrays.stream(longest, from, longest.length).<Operation>mapToObj(operations::get).toList();
    return new Verdict.Illegal(shown, longest.length, stuck(), String.valueOf(longestState));
  }

  /**
   * An operation that returned before this one was called, but whose answer has the higher rank.
   * The two contradict each other without any others; -1 for none.
   */
  private int contradicted(int later) {
    for (int i = 0; i < certain; i++) {
      if (ranks[i] > ranks[later]
          && operations.get(i).returned() < operations.get(later).called()) {
        return i;
      }
    }
    return -1;
  }

  private List<Operation> stuck() {
    boolean[] done = new boolean[operations.size()];
    Arrays.stream(longest).forEach(index -> done[index] = true);
    long firstReturn = Operation.NEVER;
    for (int i = 0; i < certain; i++) {
      firstReturn = done[i] ? firstReturn : Math.min(firstReturn, operations.get(i).returned());
    }
    List<Operation> stuck = new ArrayList<>();
    for (int i = 0; i < certain; i++) {
      Operation operation = operations.get(i);
      if (!done[i] && operation.called() <= firstReturn) {
        stuck.add(operation);
      }
    }
    return stuck;
  }
}
