package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A register's operations with what they mean, their calls and returns in order, and a bit each.
 */
final class RegisterHistory {
  private final List<Operation> operations;
  private final List<RegisterAct> acts;
  private final int[] classes;
  private final int[] events;
  private final int[] slots;
  private final long[] treats;
  private int slotsUsed;

  private RegisterHistory(List<Operation> operations, List<RegisterAct> acts) {
    this.operations = operations;
    this.acts = acts;
    Map<RegisterAct, Integer> numbers = new HashMap<>();
    acts.forEach(act -> numbers.putIfAbsent(act, numbers.size()));
    this.classes = acts.stream().mapToInt(numbers::get).toArray();
    this.events = new EventList(operations).all();
    this.slots = slots();
    this.treats = new long[words()];
    for (int i = 0; i < slots.length; i++) {
      if (!isCertain(i)) {
        BitRow.set(treats, slots[i]);
      }
    }
  }

  /** Null when an operation cannot be told as an act. */
  static @Nullable RegisterHistory of(List<Operation> all) {
    Map<Bytes, Integer> values = new HashMap<>();
    List<Operation> operations = new ArrayList<>();
    List<RegisterAct> acts = new ArrayList<>();
    for (Operation operation : all) {
      RegisterAct act = RegisterAct.of(operation, values);
      if (act == null) {
        return null;
      }
      if (operation.isCertain() || act.writes()) {
        operations.add(operation);
        acts.add(act);
      }
    }
    return new RegisterHistory(operations, acts);
  }

  /** A bit is used again once its operation has returned. */
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

  RegisterAct act(int index) {
    return acts.get(index);
  }

  boolean isCertain(int index) {
    return operations.get(index).isCertain();
  }

  /** How many operations returned. */
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

  /** The bits of writes of unknown outcome, which never must be done. */
  long[] treats() {
    return treats;
  }
}
