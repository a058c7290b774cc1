package io.balsa.api;

import com.google.protobuf.TextFormat;
import io.balsa.proto.etcdserverpb.WatchCancelRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A watch stream to a server, etcd or Balsa, and what came on it, by watch. How events are spread
 * over responses is left out, but that a revision is never torn apart is held.
 */
final class WatchParty implements AutoCloseable, StreamObserver<WatchResponse> {
  private final ManagedChannel channel;
  private final StreamObserver<WatchRequest> requests;
  private final Map<Long, List<String>> told = new TreeMap<>();
  private final Map<Long, Long> lastRevision = new TreeMap<>();
  private String broken = "";

  WatchParty(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    requests = WatchGrpc.newStub(channel).watch(this);
  }

  void create(WatchCreateRequest request) {
    requests.onNext(WatchRequest.newBuilder().setCreateRequest(request).build());
  }

  void cancel(long id) {
    requests.onNext(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
            .build());
  }

  @Override
  public synchronized void onNext(WatchResponse response) {
    List<String> lines = told.computeIfAbsent(response.getWatchId(), _ -> new ArrayList<>());
    if (response.getCreated()) {
      lines.add("created at " + response.getHeader().getRevision());
      lastRevision.remove(response.getWatchId());
    }
    long last = lastRevision.getOrDefault(response.getWatchId(), 0L);
    if (response.getEventsCount() > 0 && response.getEvents(0).getKv().getModRevision() <= last) {
      broken += "revision " + last + " was torn apart or came again; ";
    }
    for (Event event : response.getEventsList()) {
      lines.add(TextFormat.printer().emittingSingleLine(true).printToString(event));
      lastRevision.put(response.getWatchId(), event.getKv().getModRevision());
    }
    if (response.getCanceled()) {
      lines.add("canceled " + response.getCancelReason() + " " + response.getCompactRevision());
    }
  }

  @Override
  public synchronized void onError(Throwable failure) {
    broken += failure + "; ";
  }

  @Override
  public synchronized void onCompleted() {
    broken += "completed; ";
  }

  /** What was told to each watch, a line each, and what should never have been. */
  synchronized String story() {
    StringBuilder story = new StringBuilder(broken);
    told.forEach(
        (id, lines) -> {
          story.append("\nwatch ").append(id);
          lines.forEach(line -> story.append("\n  ").append(line));
        });
    return story.toString();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
