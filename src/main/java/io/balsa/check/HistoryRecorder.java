package io.balsa.check;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Takes down what clients ask and are told; from any thread. */
public final class HistoryRecorder {
  private final List<Operation> ended = new ArrayList<>();
  private final TreeMap<Long, Operation> open = new TreeMap<>();
  private long calls;

  /**
   * An operation begins; to be called before its request leaves.
   *
   * @param now the time; the same clock for all
   * @return the number by which it is ended
   */
  public synchronized long called(int process, Bytes key, KeyRequest request, long now) {
    calls++;
    open.put(
        calls, new Operation(process, key, request, new Answer.Unknown(), now, Operation.NEVER));
    return calls;
  }

  /** An operation was answered; to be called after its answer came. */
  public synchronized void returned(long call, Answer answer, long now) {
    ended.add(take(call).with(answer, now));
  }

  /** An operation certainly never happened and never will. */
  public synchronized void refused(long call) {
    take(call);
  }

  /**
   * Everything so far; what has not ended has an unknown outcome, and reads of that kind are left
   * out.
   */
  public synchronized History history() {
    List<Operation> all = new ArrayList<>(ended);
    open.values().stream()
        .filter(operation -> !(operation.request() instanceof KeyRequest.Get))
        .forEach(all::add);
    return new History(all);
  }

  private Operation take(long call) {
    Operation operation = open.remove(call);
    Check.that(operation != null, "an operation ends once");
    return Objects.requireNonNull(operation);
  }
}
