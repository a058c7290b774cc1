package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GrpcLinkTest {
  private final EventLoop loop = new DefaultEventLoop();
  private final CompletableFuture<String> closed = new CompletableFuture<>();

  /** The raft lane sends: what it throws would end the process. */
  @Test
  void aLackOfDirectMemoryEndsTheLinkAlone() throws Exception {
    GrpcLink link = new GrpcLink(loop, new Listening(), new NoMemory(), _ -> {});
    assertThat(link.send(Bytes.of(1))).isTrue();
    assertThat(closed.get(10, TimeUnit.SECONDS)).startsWith("no memory to send with: ");
    assertThat(link.send(Bytes.of(2))).isFalse();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).await();
  }

  private static final class NoMemory implements GrpcLink.Stream {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(Bytes frame) {
      throw new OutOfMemoryError("Cannot reserve 9 bytes of direct buffer memory");
    }

    @Override
    public void finish() {
      throw new IllegalStateException("call already closed");
    }
  }

  private final class Listening implements Link.Listener {
    @Override
    public void opened(Link link) {}

    @Override
    public void received(Link link, Bytes frame) {}

    @Override
    public void closed(Link link, String reason) {
      closed.complete(reason);
    }
  }
}
