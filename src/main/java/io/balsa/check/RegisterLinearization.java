package io.balsa.check;

import io.balsa.bytes.Check;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The linearization (an order of operations) that the path of a configuration stands for. */
final class RegisterLinearization {
  private final RegisterHistory history;
  private final Deque<PartialLinearization.Link> links = new ArrayDeque<>();
  private final List<Integer> order = new ArrayList<>();

  /** Reads and puts that have been called and fit nowhere yet. */
  private final List<Integer> waiting = new ArrayList<>();

  private int state = RegisterAction.NOTHING;

  private RegisterLinearization(RegisterHistory history, PartialLinearization.@Nullable Link path) {
    this.history = history;
    for (PartialLinearization.Link link = path; link != null; link = link.before()) {
      links.addFirst(link);
    }
  }

  /** The order before an event. */
  static List<Operation> of(
      RegisterHistory history, PartialLinearization.@Nullable Link path, int eventsEnd) {
    RegisterLinearization made = new RegisterLinearization(history, path);
    for (int at = 0; at < eventsEnd; at++) {
      made.pass(at);
    }
    return made.operations();
  }

  private void pass(int at) {
    int event = history.events()[at];
    int index = EventList.operation(event);
    boolean alone =
        history.isCertain(index) && history.action(index).kind() != RegisterAction.Kind.CAS;
    if (EventList.isCall(event) && alone) {
      waiting.add(index);
      placeWhatFits();
    }
    while (!links.isEmpty() && links.getFirst().event() == at) {
      write(links.removeFirst().operation());
    }
  }

  private void write(int index) {
    RegisterAction action = history.action(index);
    waiting.removeIf(other -> other == index);
    if (action.isPut()) {
      waiting.stream().filter(other -> history.action(other).isPut()).forEach(order::add);
      waiting.removeIf(other -> history.action(other).isPut());
    }
    order.add(index);
    state = action.value();
    placeWhatFits();
  }

  private void placeWhatFits() {
    waiting.stream().filter(this::fits).forEach(order::add);
    waiting.removeIf(this::fits);
  }

  private boolean fits(int index) {
    RegisterAction action = history.action(index);
    return action.isPut() ? action.value() == state : action.fits(state);
  }

  /** A free put that was linearized again, where a read sees it, stands only there. */
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

  /** The state of the register after an order; the order must fit the model. */
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

  /** Checks an order against the model and the time, whatever search found it. */
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
