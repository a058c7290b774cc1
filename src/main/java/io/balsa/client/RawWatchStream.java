package io.balsa.client;

import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.rpc.Cancellation;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * A watch stream from one server, for measurements. It never resumes at another server, and
 * delivers no more responses than were requested.
 */
public final class RawWatchStream {
  private final ClientCall<WatchRequest, WatchResponse> call;

  /** Gets the events of the stream, on an event loop. */
  public interface Listener {
    /** A response came. */
    void told(WatchResponse response);

    /** The stream has ended, and why. */
    void ended(String why);
  }

  /** Opens a stream at a client's first endpoint; it ends with the client. */
  public RawWatchStream(EtcdClient client, Listener listener) {
    call = client.endpoints().getFirst().call(WatchGrpc.getWatchMethod(), new SentMark());
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(WatchResponse response) {
            listener.told(response);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            listener.ended(status.toString());
          }
        },
        new Metadata());
  }

  /** Begins a watch. */
  public void create(WatchCreateRequest request) {
    call.sendMessage(WatchRequest.newBuilder().setCreateRequest(request).build());
  }

  /** Asks for a progress notification. A server that cannot give one does not answer. */
  public void askProgress() {
    call.sendMessage(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  /** Ends the stream. */
  public void close() {
    Cancellation.cancel(call, "the caller closed the stream", null);
  }

  /** Requests more responses. */
  public void ask(int responses) {
    call.request(responses);
  }
}
