package io.balsa.client;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import java.util.function.LongConsumer;

/**
 * Tells whether a call may have reached a server.
 *
 * <p>gRPC sets the mark when it gives the call to a connection, before it writes a byte. So a call
 * that fails without the mark never left. A call whose connection broke later counts as sent: the
 * client cannot know how much arrived.
 */
public final class SentMark extends ClientStreamTracer.Factory {
  private final LongConsumer arriving;
  private volatile boolean set;

  /** For a call whose answer is not counted. */
  public SentMark() {
    this(_ -> {});
  }

  /**
   * For a call whose answer is counted while it arrives.
   *
   * @param arriving gets the number of new bytes, on the connection's event loop
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
