package io.balsa.check;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A linked list of the calls and returns of operations in order of time. The two events of an
 * operation can be lifted out and put back; the one lifted last is put back first. An event is a
 * number: {@code 2 * index} for the call of an operation, {@code 2 * index + 1} for its return.
 */
final class EventList {
  private final int head;
  private final int[] next;
  private final int[] prev;

  EventList(List<Operation> operations) {
    head = 2 * operations.size();
    next = new int[head + 1];
    prev = new int[head + 1];
    int last = head;
    for (int event : inOrder(operations)) {
      next[last] = event;
      prev[event] = last;
      last = event;
    }
    next[last] = head;
    prev[head] = last;
  }

  /** At equal times calls come before returns, so that such operations overlap. */
  private int[] inOrder(List<Operation> operations) {
    Comparator<Integer> byTime =
        Comparator.comparingLong(
            event ->
                isCall(event)
                    ? operations.get(operation(event)).called()
                    : operations.get(operation(event)).returned());
    return IntStream.range(0, head)
        .boxed()
        .sorted(byTime.thenComparing(event -> !isCall(event)).thenComparing(event -> event))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  static boolean isCall(int event) {
    return event % 2 == 0;
  }

  static int operation(int event) {
    return event / 2;
  }

  static int call(int operation) {
    return 2 * operation;
  }

  int first() {
    return next[head];
  }

  /** All events in the list. */
  int[] all() {
    return IntStream.iterate(first(), event -> event != head, this::after).toArray();
  }

  int after(int event) {
    return next[event];
  }

  void lift(int operation) {
    unlink(2 * operation);
    unlink(2 * operation + 1);
  }

  void unlift(int operation) {
    link(2 * operation + 1);
    link(2 * operation);
  }

  private void unlink(int event) {
    next[prev[event]] = next[event];
    prev[next[event]] = prev[event];
  }

  private void link(int event) {
    next[prev[event]] = event;
    prev[next[event]] = event;
  }
}
