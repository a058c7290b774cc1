package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.rpc.Cancellation;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watch, read by one thread. When its server ends, the watch resumes at the next server after
 * the last whole revision that was read. No event is missed or comes twice.
 */
public final class ResumingWatch implements AutoCloseable {
  private static final long RETRY_MILLIS = 100;

  /** A response, or the end of a stream. */
  private record Arrival(@Nullable WatchResponse response, @Nullable Status end) {}

  private final List<Endpoint> endpoints;
  private final WatchCreateRequest request;
  private BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private volatile @Nullable ClientCall<WatchRequest, WatchResponse> call;
  private long next;
  private final @Nullable Duration firstContact;
  private final Consumer<RequestFailed> lost;
  private boolean connected;
  private boolean said;
  private int at;

  /** A watch at the servers of a client. */
  public ResumingWatch(EtcdClient client, WatchCreateRequest request) {
    this(client, request, null, _ -> {});
  }

  /**
   * As {@link #ResumingWatch(EtcdClient, WatchCreateRequest)}.
   *
   * @param firstContact how long the first server may take; null for any time
   * @param lost gets the first failure after each contact; the watch goes on trying
   */
  public ResumingWatch(
      EtcdClient client,
      WatchCreateRequest request,
      @Nullable Duration firstContact,
      Consumer<RequestFailed> lost) {
    this.endpoints = client.endpoints();
    this.request = request;
    this.firstContact = firstContact;
    this.lost = lost;
    this.next = request.getStartRevision();
  }

  /**
   * Waits for the next response. Skips a response that only says that the watch is created.
   *
   * @throws RequestFailed when the server ended the watch for good, or when there was no first
   *     contact in time
   */
  public WatchResponse next() throws RequestFailed, InterruptedException {
    long deadline = System.nanoTime() + (firstContact == null ? 0 : firstContact.toNanos());
    while (true) {
      ClientCall<WatchRequest, WatchResponse> current = call;
      ClientCall<WatchRequest, WatchResponse> open = current == null ? open() : current;
      Arrival arrival = connected || firstContact == null ? arrivals.take() : first(deadline);
      WatchResponse response = arrival.response();
      if (response == null) {
        Status end = arrival.end() == null ? Status.UNKNOWN : arrival.end();
        if (!connected && firstContact != null && System.nanoTime() - deadline > 0) {
          throw new RequestFailed(end, false, List.of(endpoint().address()));
        }
        ended(end);
        continue;
      }
      open.request(1);
      connected = true;
      said = false;
      if (!response.getCreated() || response.getCanceled()) {
        advance(response);
        return response;
      }
      if (next == 0) {
        next = response.getHeader().getRevision() + 1;
      }
    }
  }

  private Arrival first(long deadlineNanos) throws RequestFailed, InterruptedException {
    Arrival arrival = arrivals.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (arrival == null) {
      throw new RequestFailed(Status.DEADLINE_EXCEEDED, false, List.of(endpoint().address()));
    }
    return arrival;
  }

  private void advance(WatchResponse response) {
    if (response.getEventsCount() > 0) {
      next = response.getEvents(response.getEventsCount() - 1).getKv().getModRevision() + 1;
    }
  }

  private Endpoint endpoint() {
    return endpoints.get(at % endpoints.size());
  }

  private ClientCall<WatchRequest, WatchResponse> open() {
    BlockingQueue<Arrival> fresh = new LinkedBlockingQueue<>();
    arrivals = fresh;
    var opened = endpoint().call(WatchGrpc.getWatchMethod(), new SentMark());
    opened.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(WatchResponse message) {
            fresh.add(new Arrival(message, null));
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            fresh.add(new Arrival(null, status));
          }
        },
        new Metadata());
    WatchCreateRequest create = request.toBuilder().setStartRevision(next).build();
    opened.sendMessage(WatchRequest.newBuilder().setCreateRequest(create).build());
    opened.request(1);
    call = opened;
    return opened;
  }

  private void ended(Status status) throws RequestFailed, InterruptedException {
    call = null;
    if (status.getCode() != Status.Code.UNAVAILABLE) {
      throw new RequestFailed(status, false, List.of(endpoint().address()));
    }
    if (!said) {
      said = true;
      HostPort server = endpoint().address();
      lost.accept(
          connected
              ? RequestFailed.ofStream(status, server)
              : new RequestFailed(status, false, List.of(server)));
    }
    at++;
    TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
  }

  /**
   * Asks the server for a progress notification. Without a connection it does nothing. One thread
   * may call it while another one reads: only this method sends once the watch is created.
   */
  public void askProgress() {
    ClientCall<WatchRequest, WatchResponse> open = call;
    if (open != null) {
      open.sendMessage(
          WatchRequest.newBuilder()
              .setProgressRequest(WatchProgressRequest.getDefaultInstance())
              .build());
    }
  }

  /** Ends the watch. */
  @Override
  public void close() {
    ClientCall<WatchRequest, WatchResponse> open = call;
    call = null;
    if (open != null) {
      Cancellation.cancel(open, "the caller closed the watch", null);
    }
  }
}
