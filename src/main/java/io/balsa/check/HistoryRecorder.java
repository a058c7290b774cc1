package io.balsa.check;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Records the requests of clients and their answers; for any thread. */
public final class HistoryRecorder {
  private final List<Operation> ended = new ArrayList<>();
  private final TreeMap<Long, Operation> open = new TreeMap<>();
  private long calls;

  /**
   * An operation begins. Call this before the request is sent.
   *
   * @param now the time; all calls use the same clock
   * @return the number of the operation, for {@link #returned} and {@link #refused}
   */
  public synchronized long called(int process, Bytes key, KeyRequest request, long now) {
    calls++;
    open.put(
        calls, new Operation(process, key, request, new Answer.Unknown(), now, Operation.NEVER));
    return calls;
  }

  /** An operation was answered. Call this after the answer arrived. */
  public synchronized void returned(long call, Answer answer, long now) {
    ended.add(take(call).with(answer, now));
  }

  /** An operation certainly had no effect and never will: it is left out. */
  public synchronized void refused(long call) {
    take(call);
  }

  /**
   * All operations so far. Operations that have not ended have an unknown outcome; reads among them
   * are left out.
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
