package io.balsa.client;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import java.util.function.LongConsumer;

/**
 * Whether a call may have reached a server.
 *
 * <p>Set when gRPC gives the call to a connection, before a byte is written: a call that fails
 * without it was never on any connection. What was given to a connection that then broke counts as
 * sent, for nobody can say how much of it arrived.
 */
public final class SentMark extends ClientStreamTracer.Factory {
  private final LongConsumer arriving;
  private volatile boolean set;

  /** For a call whose answer may be as large as it likes. */
  public SentMark() {
    this(_ -> {});
  }

  /**
   * For a call whose answer is counted as it comes in.
   *
   * @param arriving told of so many bytes more, on the connection's event loop
   */
  public SentMark(LongConsumer arriving) {
    this.arriving = arriving;
  }

  /** Whether the call was given to a connection. */
  public boolean isSet() {
    return set;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new ClientStreamTracer() {
      @Override
      public void streamCreated(Attributes transport, Metadata sent) {
        set = true;
      }

      @Override
      public void inboundWireSize(long bytes) {
        arriving.accept(bytes);
      }
    };
  }
}
