package io.balsa.front;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;

/**
 * Limits the service names in requests to gRPC's health service, because a watch there keeps its
 * name in memory.
 */
public final class HealthNameLimit implements ServerInterceptor {
  /** The longest name, in bytes. */
  public static final int BYTES_MAX = 1024;

  private static final Status TOO_LONG =
      Status.INVALID_ARGUMENT.withDescription("the name of a service has at most 1024 bytes");

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, metadata)) {
      private boolean refused;

      @Override
      public void onMessage(Q message) {
        refused =
            message instanceof HealthCheckRequest request
                && request.getServiceBytes().size() > BYTES_MAX;
        if (refused) {
          call.close(TOO_LONG, new Metadata());
        } else {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }
}
