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
 * Several messages of a call handed to gRPC as one. gRPC hands on and flushes each message by
 * itself, which costs more than everything else about a short one. A bundle is a mark, then each
 * message after a prefix as gRPC's own; on its way to the connection the mark, and the prefix that
 * gRPC put before it, are taken off, and what clients see are the messages.
 *
 * <p>A message that is too large to be held is handed over the same way, in pieces: what begins
 * with {@link #piece()} goes to the connection as it is, whatever gRPC thinks it is. The first
 * piece has the prefix of the whole message, and nothing else of the call may come between the
 * pieces.
 *
 * <p>The mark begins with a byte that begins no protobuf message, and the rest of it is drawn anew
 * in each process, so that nothing a client stored is taken for it.
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
   * An empty bundle. gRPC must keep it in one piece, so it may have 1 MiB at most.
   *
   * @param messages how many it is for
   * @param messageBytes how many bytes they have together
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

  /** Whether a call takes bundles; one of the JSON gateway takes single messages. */
  public static boolean takenBy(ServerCall<?, ?> call) {
    return call.getAttributes().get(TAKEN) != null;
  }

  /** What a piece of a large message begins with; the client does not see it. */
  public static ByteString piece() {
    return PIECE;
  }

  /** What stands before a message of so many bytes: that it is not compressed, and its length. */
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

  /** Begins a message, whose bytes are to be added in as many parts as one likes. */
  public void begin(int messageBytes) {
    prefix(messageBytes, bytes, at);
    at += PREFIX_BYTES;
  }

  /** Adds to the message. */
  public void add(ByteString part) {
    part.copyTo(bytes, at);
    at += part.size();
  }

  /** What is to be given to gRPC; the bundle is full. */
  public ByteString bytes() {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** Says of every call over a connection that it takes bundles. */
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
