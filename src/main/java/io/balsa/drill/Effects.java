package io.balsa.drill;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

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
    CompletableFuture<?> failed = new CompletableFuture<>();
    for (long revision = 2; revision <= last && !failed.isDone(); revision++) {
      free.acquireUninterruptibly();
      at(endpoint, revision)
          .whenComplete(
              (response, failure) -> {
                if (failure != null) {
                  failed.completeExceptionally(failure);
                } else {
                  note(found, response.revision, response.answer);
                }
                free.release();
              });
    }
    free.acquireUninterruptibly(AT_ONCE);
    if (failed.isCompletedExceptionally()) {
      throw new DrillFailure("cannot read the history back: " + failed.exceptionNow().getMessage());
    }
    return new Effects(found);
  }

  private record At(long revision, RangeResponse answer) {}

  private static CompletableFuture<At> at(Endpoint endpoint, long revision) {
    CompletableFuture<At> result = new CompletableFuture<>();
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(Load.PREFIX))
            .setRangeEnd(ByteString.copyFromUtf8("drill0"))
            .setRevision(revision)
            .setMinModRevision(revision)
            .setSerializable(true)
            .build();
    ClientCalls.asyncUnaryCall(
        endpoint
            .channel()
            .newCall(
                KVGrpc.getRangeMethod(),
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS)),
        request,
        new StreamObserver<RangeResponse>() {
          @Override
          public void onNext(RangeResponse answer) {
            result.complete(new At(revision, answer));
          }

          @Override
          public void onError(Throwable failure) {
            result.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {}
        });
    return result;
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
