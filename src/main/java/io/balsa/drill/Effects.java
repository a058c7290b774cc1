package io.balsa.drill;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.History;
import io.balsa.check.Operation;
import io.balsa.check.Request;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What really happened to the keys of the load, revision by revision, read back from a server: the
 * store keeps its history until it is compacted.
 *
 * @param byRevision the put of each revision; revisions that changed other keys are not in it
 */
record Effects(Map<Long, Put> byRevision) {
  private static final int AT_ONCE = 64;

  /** A key was given a value. */
  record Put(Bytes key, Bytes value) {}

  /** Reads the revisions {@code 2} to {@code last}. */
  static Effects read(Endpoint endpoint, long last) {
    Map<Long, Put> found = new ConcurrentSkipListMap<>();
    Semaphore free = new Semaphore(AT_ONCE);
    AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    for (long each = 2; each <= last && failed.get() == null; each++) {
      long revision = each;
      free.acquireUninterruptibly();
      var _ =
          endpoint
              .range(at(revision))
              .whenComplete(
                  (answer, failure) -> {
                    if (failure == null) {
                      note(found, revision, answer);
                    } else {
                      failed.set(failure);
                    }
                    free.release();
                  });
    }
    free.acquireUninterruptibly(AT_ONCE);
    Throwable failure = failed.get();
    if (failure != null) {
      throw new DrillFailure("cannot read the history back: " + failure.getMessage(), failure);
    }
    return new Effects(found);
  }

  /**
   * A history in which every put that was not answered is either known to have happened, at its
   * revision, or left out. Without it each open put may stand anywhere, and a checker has to try.
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
        || !(operation.request() instanceof Request.Put put)) {
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

  private static RangeRequest at(long revision) {
    return RangeRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(Load.PREFIX))
        .setRangeEnd(ByteString.copyFromUtf8(Load.PREFIX_END))
        .setRevision(revision)
        .setMinModRevision(revision)
        .setSerializable(true)
        .build();
  }

  private static void note(Map<Long, Put> found, long revision, RangeResponse answer) {
    answer.getKvsList().stream()
        .filter(kv -> kv.getModRevision() == revision)
        .forEach(
            kv ->
                found.put(
                    revision,
                    new Put(
                        Bytes.wrap(kv.getKey().toByteArray()),
                        Bytes.wrap(kv.getValue().toByteArray()))));
  }
}
