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
 * A stream of watches as it comes from one server, for who measures it: nothing is gone on with
 * elsewhere, and no more responses come than were asked for.
 */
public final class RawWatchStream {
  private final ClientCall<WatchRequest, WatchResponse> call;

  /** Who hears; called on an event loop. */
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

  /** Asks how far the stream has been told; a server that cannot say it keeps silent. */
  public void askProgress() {
    call.sendMessage(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  /** Ends the stream. */
  public void close() {
    Cancellation.cancel(call, "not wanted any more", null);
  }

  /** Asks for so many responses more. */
  public void ask(int responses) {
    call.request(responses);
  }
}
