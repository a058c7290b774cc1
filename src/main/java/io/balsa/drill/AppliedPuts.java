package io.balsa.drill;

import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.History;
import io.balsa.check.KeyRequest;
import io.balsa.check.Operation;
import io.balsa.client.RequestFailed;
import io.balsa.client.ResumingWatch;
import io.balsa.processes.Awaiting;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.PlainEndpoint;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All puts to the keys of the load, read back from a server: the store keeps its history until it
 * is compacted.
 *
 * @param byRevision the put of each revision; without revisions that changed other keys
 */
record AppliedPuts(Map<Long, Put> byRevision) {
  /** A key and its new value. */
  record Put(Bytes key, Bytes value) {}

  /**
   * Reads the revisions {@code 2} to {@code last}.
   *
   * @throws InstrumentFailure when a part of them is compacted
   */
  static AppliedPuts read(PlainEndpoint endpoint, long last) throws RequestFailed {
    HashMap<Long, Put> found = new HashMap<>();
    try (ResumingWatch history = endpoint.history(2)) {
      for (long read = 1; read < last; ) {
        WatchResponse response = history.next();
        if (response.getCanceled()) {
          throw new InstrumentFailure(
              "cannot read the history back: " + response.getCancelReason());
        }
        for (Event event : response.getEventsList()) {
          read = event.getKv().getModRevision();
          note(found, event);
        }
      }
    } catch (InterruptedException interrupted) {
      throw Awaiting.interrupted(interrupted);
    }
    return new AppliedPuts(found);
  }

  private static void note(Map<Long, Put> found, Event event) {
    Bytes key = Bytes.wrap(event.getKv().getKey().toByteArray());
    if (event.getType() == Event.EventType.PUT && key.startsWith(Bytes.utf8(DrillLoad.PREFIX))) {
      Bytes value = Bytes.wrap(event.getKv().getValue().toByteArray());
      found.put(event.getKv().getModRevision(), new Put(key, value));
    }
  }

  /**
   * A history without unknown outcomes of puts: each is either completed at its revision or left
   * out. This saves the checker from trying all places of these puts.
   */
  History settle(History history) {
    HashMap<Put, Long> revisions = new HashMap<>();
    byRevision.forEach((revision, put) -> revisions.put(put, revision));
    long end =
        history.operations().stream()
            .map(Operation::returned)
            .filter(returned -> returned != Operation.NEVER)
            .reduce(0L, Math::max);
    return new History(
        history.operations().stream()
            .flatMap(operation -> settle(operation, revisions, end + 1).stream())
            .toList());
  }

  private static Optional<Operation> settle(
      Operation operation, Map<Put, Long> revisions, long end) {
    if (operation.returned() != Operation.NEVER
        || !(operation.request() instanceof KeyRequest.Put put)) {
      return Optional.of(operation);
    }
    return Optional.ofNullable(revisions.get(new Put(operation.key(), put.value())))
        .map(
            revision ->
                new Operation(
                    operation.process(),
                    operation.key(),
                    put,
                    new Answer.Done(revision),
                    operation.called(),
                    end));
  }
}
