package io.balsa.front;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Attributes;
import io.grpc.ServerCall;
import io.grpc.ServerTransportFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Several messages of a call, passed to gRPC as one. gRPC passes on and flushes each message by
 * itself, which is the largest cost of a short message. A bundle is a mark, then each message after
 * a prefix in gRPC's format. {@link Opener} removes the mark and the prefix that gRPC put before
 * it, so clients see only the messages.
 *
 * <p>A message that is too large to be held is passed on in pieces. Bytes after {@link #piece()} go
 * to the connection unchanged. The first piece begins with the prefix of the whole message. Between
 * the pieces, the call may send nothing else.
 *
 * <p>The mark begins with a byte that no protobuf message begins with. The rest is random in each
 * process, so no value that a client stored equals it.
 */
public final class MessageBundle {
  private static final int PREFIX_BYTES = 5;
  private static final byte NO_TAG = 7;
  private static final byte[] MARK = draw();
  private static final ByteString PIECE = UnsafeByteOperations.unsafeWrap(MARK);
  private static final Attributes.Key<Boolean> TAKEN = Attributes.Key.create("bundles");

  private final byte[] bytes;
  private int at = MARK.length;

  /**
   * An empty bundle. gRPC must keep it in one buffer, so the most is 1 MiB.
   *
   * @param messages how many messages it will have
   * @param messageBytes how many bytes these have together
   */
  public MessageBundle(int messages, int messageBytes) {
    bytes = Arrays.copyOf(MARK, MARK.length + messages * PREFIX_BYTES + messageBytes);
  }

  private static byte[] draw() {
    byte[] mark = new byte[16];
    new SecureRandom().nextBytes(mark);
    mark[0] = NO_TAG;
    return mark;
  }

  /** Whether a call takes bundles; a call of the JSON gateway takes only single messages. */
  public static boolean takenBy(ServerCall<?, ?> call) {
    return call.getAttributes().get(TAKEN) != null;
  }

  /** The bytes before a piece of a large message; the client does not see them. */
  public static ByteString piece() {
    return PIECE;
  }

  /** The prefix of a message in gRPC's format: that it is not compressed, and its length. */
  public static ByteString prefix(int messageBytes) {
    byte[] prefix = new byte[PREFIX_BYTES];
    prefix(messageBytes, prefix, 0);
    return UnsafeByteOperations.unsafeWrap(prefix);
  }

  private static void prefix(int messageBytes, byte[] target, int at) {
    for (int i = 1; i < PREFIX_BYTES; i++) {
      target[at + i] = (byte) (messageBytes >>> (Byte.SIZE * (PREFIX_BYTES - 1 - i)));
    }
  }

  /** Begins a message. Its bytes are then added in any number of parts. */
  public void begin(int messageBytes) {
    prefix(messageBytes, bytes, at);
    at += PREFIX_BYTES;
  }

  /** Adds bytes to the message. */
  public void add(ByteString part) {
    part.copyTo(bytes, at);
    at += part.size();
  }

  /** The full bundle, for gRPC. */
  public ByteString bytes() {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** Marks every call of a connection as taking bundles. */
  static final class Offer extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      return attributes.toBuilder().set(TAKEN, true).build();
    }
  }

  /** Opens bundles on their way to the connection. */
  static final class Opener extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (message instanceof ByteBufHolder frame && isBundle(frame.content())) {
        frame.content().skipBytes(PREFIX_BYTES + MARK.length);
      }
      var _ = context.write(message, promise);
    }

    private static boolean isBundle(ByteBuf bytes) {
      int at = bytes.readerIndex() + PREFIX_BYTES;
      if (bytes.readableBytes() < PREFIX_BYTES + MARK.length || bytes.getByte(at) != NO_TAG) {
        return false;
      }
      for (int i = 1; i < MARK.length; i++) {
        if (bytes.getByte(at + i) != MARK[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
