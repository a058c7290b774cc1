package io.balsa.rpc;

import io.grpc.ClientCall;
import org.jspecify.annotations.Nullable;

/** Cancels calls so that gRPC always reports their end. */
public final class Cancellation {
  private Cancellation() {}

  /**
   * Cancels a started call, and releases the messages that have arrived but were not requested.
   *
   * <p>When the connection is closed already, gRPC 1.85 waits until somebody requests those
   * messages. Until then it keeps them in direct memory and does not call {@code onClose}. The
   * listener may still get them.
   *
   * @param why for the log of the server
   * @param cause null for none
   */
  public static void cancel(ClientCall<?, ?> call, String why, @Nullable Throwable cause) {
    call.cancel(why, cause);
    call.request(Integer.MAX_VALUE);
  }
}
