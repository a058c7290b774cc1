package io.balsa.check;

import io.balsa.bytes.Check;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The order of operations to which the path of a configuration amounts. */
final class RegisterOrder {
  private final RegisterHistory history;
  private final Deque<Explanation.Link> links = new ArrayDeque<>();
  private final List<Integer> order = new ArrayList<>();

  /** Looks and puts that have been called and could not be anywhere yet. */
  private final List<Integer> waiting = new ArrayList<>();

  private int state = RegisterAct.NOTHING;

  private RegisterOrder(RegisterHistory history, Explanation.@Nullable Link path) {
    this.history = history;
    for (Explanation.Link link = path; link != null; link = link.before()) {
      links.addFirst(link);
    }
  }

  /** The order up to, not with, an event. */
  static List<Operation> of(
      RegisterHistory history, Explanation.@Nullable Link path, int eventsEnd) {
    RegisterOrder made = new RegisterOrder(history, path);
    for (int at = 0; at < eventsEnd; at++) {
      made.pass(at);
    }
    return made.operations();
  }

  private void pass(int at) {
    int event = history.events()[at];
    int index = EventList.operation(event);
    boolean alone = history.isCertain(index) && history.act(index).kind() != RegisterAct.Kind.SWAP;
    if (EventList.isCall(event) && alone) {
      waiting.add(index);
      placeWhatFits();
    }
    while (!links.isEmpty() && links.getFirst().event() == at) {
      write(links.removeFirst().operation());
    }
  }

  private void write(int index) {
    RegisterAct act = history.act(index);
    waiting.removeIf(other -> other == index);
    if (act.isPut()) {
      waiting.stream().filter(other -> history.act(other).isPut()).forEach(order::add);
      waiting.removeIf(other -> history.act(other).isPut());
    }
    order.add(index);
    state = act.value();
    placeWhatFits();
  }

  private void placeWhatFits() {
    waiting.stream().filter(this::fits).forEach(order::add);
    waiting.removeIf(this::fits);
  }

  private boolean fits(int index) {
    RegisterAct act = history.act(index);
    return act.isPut() ? act.value() == state : act.fits(state);
  }

  /** A put that could be anywhere and was then done where it counts stands there alone. */
  private List<Operation> operations() {
    TreeSet<Integer> later = new TreeSet<>();
    Deque<Operation> operations = new ArrayDeque<>();
    for (int index : order.reversed()) {
      if (later.add(index) || !history.isCertain(index)) {
        operations.addFirst(history.operation(index));
      }
    }
    return List.copyOf(operations);
  }

  /** What the register holds after an order, which must fit it. */
  static RegisterModel.Register stateAfter(List<Operation> order) {
    RegisterModel model = new RegisterModel();
    RegisterModel.Register state = model.initial();
    for (Operation operation : order) {
      RegisterModel.Register after = model.step(state, operation);
      Check.that(after != null, "an order fits every answer");
      state = Objects.requireNonNull(after);
    }
    return state;
  }

  /** Holds an order against the model and the time, as if nobody knew where it came from. */
  static void prove(RegisterHistory history, List<Operation> order) {
    Check.that(
        order.stream().filter(Operation::isCertain).count() == history.certain(),
        "an order has every operation that returned");
    long latestCall = Long.MIN_VALUE;
    for (Operation operation : order) {
      latestCall = Math.max(latestCall, operation.called());
      Check.that(operation.returned() >= latestCall, "an order respects time");
    }
    stateAfter(order);
  }
}
