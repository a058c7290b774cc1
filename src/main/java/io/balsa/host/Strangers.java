package io.balsa.host;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections at the peer port whose opener is not known yet. Bounds hold for their number, in
 * all and from one source, for the bytes that they send and for their time. If there is no room,
 * the oldest is closed: so many strangers cannot shut out a member, which is known after two round
 * trips. Owned by the event loop.
 */
final class Strangers {
  /** Hello and challenge take a few hundred bytes with all that HTTP/2 adds. */
  private static final int BYTES_MAX = 64 << 10;

  /** A connection, as both ends name it. */
  private record Ends(@Nullable SocketAddress local, @Nullable SocketAddress remote) {}

  private final EventLoop loop;
  private final int inAllMax;
  private final int fromOneMax;
  private final int millisMax;
  private final Map<Ends, Stranger> strangers = new LinkedHashMap<>();

  Strangers(EventLoop loop, int inAllMax, int fromOneMax, int millisMax) {
    this.loop = loop;
    this.inAllMax = inAllMax;
    this.fromOneMax = fromOneMax;
    this.millisMax = millisMax;
  }

  /** A port that receives them. */
  NioServerSocketChannel port() {
    return new Port();
  }

  /** The opener of a connection is known now; from any thread. */
  void known(@Nullable SocketAddress local, @Nullable SocketAddress remote) {
    if (!loop.inEventLoop()) {
      loop.execute(() -> known(local, remote));
      return;
    }
    Stranger stranger = strangers.remove(new Ends(local, remote));
    if (stranger != null) {
      var _ = stranger.channel.pipeline().remove(stranger);
    }
  }

  private void receive(Channel channel) {
    Ends ends = new Ends(channel.localAddress(), channel.remoteAddress());
    makeRoom(sourceOf(ends));
    Stranger stranger = new Stranger(channel);
    strangers.put(ends, stranger);
    var _ = channel.pipeline().addFirst(stranger);
    var _ = channel.closeFuture().addListener(_ -> strangers.remove(ends, stranger));
    var _ =
        loop.schedule(
            () -> {
              if (strangers.remove(ends, stranger)) {
                stranger.close();
              }
            },
            millisMax,
            TimeUnit.MILLISECONDS);
  }

  private void makeRoom(@Nullable InetAddress source) {
    Ends oldest = null;
    Ends oldestFromThere = null;
    int fromThere = 0;
    for (Ends ends : strangers.keySet()) {
      oldest = oldest == null ? ends : oldest;
      if (source != null && source.equals(sourceOf(ends))) {
        fromThere++;
        oldestFromThere = oldestFromThere == null ? ends : oldestFromThere;
      }
    }
    if (fromThere >= fromOneMax) {
      dismiss(oldestFromThere);
    } else if (strangers.size() >= inAllMax) {
      dismiss(oldest);
    }
  }

  private void dismiss(@Nullable Ends ends) {
    Stranger dismissed = ends == null ? null : strangers.remove(ends);
    if (dismissed != null) {
      dismissed.close();
    }
  }

  private static @Nullable InetAddress sourceOf(Ends ends) {
    return ends.remote() instanceof InetSocketAddress address ? address.getAddress() : null;
  }

  /** Accepts connections; each counts as a stranger's at first. */
  private final class Port extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> into) throws Exception {
      int taken = super.doReadMessages(into);
      if (taken > 0) {
        receive((Channel) into.getLast());
      }
      return taken;
    }
  }

  /** Counts the incoming bytes before they are decoded. */
  private static final class Stranger extends ChannelInboundHandlerAdapter {
    private final Channel channel;
    private @Nullable ChannelHandlerContext context;
    private long bytes;

    Stranger(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
      bytes += message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
      if (bytes > BYTES_MAX) {
        ReferenceCountUtil.release(message);
        var _ = from.close();
      } else {
        from.fireChannelRead(message);
      }
    }

    /** At once: closing the channel from its end would wait for the streams on it. */
    void close() {
      ChannelHandlerContext first = context;
      var _ = first != null ? first.close() : channel.close();
    }
  }
}
