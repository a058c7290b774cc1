package io.balsa.client;

import io.grpc.ClientCall;
import org.jspecify.annotations.Nullable;

/** How a call that was started is given up before its end. */
public final class StreamEnd {
  private StreamEnd() {}

  /**
   * Cancels a call, and lets go of what has come and was not asked for. Where the connection is
   * closed already, gRPC 1.85 waits for somebody to take that first: it would keep the messages in
   * direct memory, and {@code onClose} would never come. The listener may get them still.
   *
   * @param why for the log of the server
   * @param cause null for none
   */
  public static void cancel(ClientCall<?, ?> call, String why, @Nullable Throwable cause) {
    call.cancel(why, cause);
    call.request(Integer.MAX_VALUE);
  }
}
