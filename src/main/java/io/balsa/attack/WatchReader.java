package io.balsa.attack;

import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A watcher that reads until it gets an event, and then cancels. */
final class WatchReader {
  private WatchReader() {}

  static void readOne(AttackConnection connection, WatchRequest request, AttackRun run) {
    CompletableFuture<String> outcome = new CompletableFuture<>();
    ClientCall<WatchRequest, WatchResponse> call =
        connection.channel().newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(WatchResponse response) {
            if (response.getEventsCount() > 0) {
              outcome.complete("an event came");
            }
            call.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            outcome.complete(status.getCode() + ": " + status.getDescription());
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(request);
    try {
      run.tally().add(outcome.get(run.limitMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException late) {
      run.tally().add("no event in time");
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      call.cancel("over", null);
    }
  }
}
