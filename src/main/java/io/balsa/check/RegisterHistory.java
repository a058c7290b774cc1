package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The operations on one register: what each does, its bit, and all calls and returns in order of
 * time.
 */
final class RegisterHistory {
  private final List<Operation> operations;
  private final List<RegisterAction> actions;
  private final int[] classes;
  private final int[] events;
  private final int[] slots;
  private final long[] optionalWrites;
  private int slotsUsed;

  private RegisterHistory(List<Operation> operations, List<RegisterAction> actions) {
    this.operations = operations;
    this.actions = actions;
    Map<RegisterAction, Integer> numbers = new HashMap<>();
    actions.forEach(action -> numbers.putIfAbsent(action, numbers.size()));
    this.classes = actions.stream().mapToInt(numbers::get).toArray();
    this.events = new EventList(operations).all();
    this.slots = slots();
    this.optionalWrites = new long[words()];
    for (int i = 0; i < slots.length; i++) {
      if (!isCertain(i)) {
        BitRow.set(optionalWrites, slots[i]);
      }
    }
  }

  /** Null when a {@link RegisterAction} cannot express one of the operations. */
  static @Nullable RegisterHistory of(List<Operation> all) {
    Map<Bytes, Integer> values = new HashMap<>();
    List<Operation> operations = new ArrayList<>();
    List<RegisterAction> actions = new ArrayList<>();
    for (Operation operation : all) {
      RegisterAction action = RegisterAction.of(operation, values);
      if (action == null) {
        return null;
      }
      if (operation.isCertain() || action.writes()) {
        operations.add(operation);
        actions.add(action);
      }
    }
    return new RegisterHistory(operations, actions);
  }

  /** A slot is used again after its operation has returned. */
  private int[] slots() {
    int[] given = new int[operations.size()];
    TreeSet<Integer> free = new TreeSet<>();
    for (int event : events) {
      int index = EventList.operation(event);
      if (EventList.isCall(event)) {
        Integer slot = free.pollFirst();
        given[index] = slot == null ? slotsUsed++ : slot;
      } else {
        free.add(given[index]);
      }
    }
    return given;
  }

  int words() {
    return slotsUsed / 64 + 1;
  }

  /** Calls and returns in the order of time, as {@link EventList} numbers them. */
  int[] events() {
    return events;
  }

  Operation operation(int index) {
    return operations.get(index);
  }

  RegisterAction action(int index) {
    return actions.get(index);
  }

  boolean isCertain(int index) {
    return operations.get(index).isCertain();
  }

  /** The number of operations that returned. */
  long certain() {
    return operations.stream().filter(Operation::isCertain).count();
  }

  /** Equal for operations that do the same. */
  int classOf(int index) {
    return classes[index];
  }

  int slot(int index) {
    return slots[index];
  }

  /** The slots of writes with unknown outcome, which need not be linearized. */
  long[] optionalWrites() {
    return optionalWrites;
  }
}
