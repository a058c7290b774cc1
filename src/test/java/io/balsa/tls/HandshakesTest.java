package io.balsa.tls;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that begin a handshake and do not end it. */
@Timeout(60)
class HandshakesTest {
  @TempDir private Path folder;
  private final List<Socket> sockets = new ArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Server> servers = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    servers.forEach(Server::shutdownNow);
  }

  private ServerTls serve(int unfinishedMax, long millis) throws Exception {
    TestCertificates certificates = new TestCertificates(folder);
    TlsFiles files = certificates.files(certificates.server("a", "127.0.0.1"));
    TlsSource source = TlsSource.unwatched(files, TlsListener.NONE, InstantSource.system());
    ServerTls tls = new ServerTls(source, TlsRules.DEFAULT, unfinishedMax, millis);
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    servers.add(
        NettyServerBuilder.forAddress(anyPort, tls.credentials(failures::add)).build().start());
    return tls;
  }

  /** Sends the first byte of a handshake. */
  private Socket begin() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), servers.getFirst().getPort());
    sockets.add(socket);
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(22);
    return socket;
  }

  private static void awaitEnd(Socket socket) throws IOException {
    try {
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException _) {
      return; // a reset ends it too
    }
  }

  @Test
  void aSlowHandshakeEnds() throws Exception {
    ServerTls tls = serve(10, 200);

    awaitEnd(begin());

    assertThat(failures).singleElement().asString().contains("handshake timed out");
    assertThat(tls.handshakes().count()).isZero();
  }

  @Test
  void theOldestOfTooManyFromOneSourceIsClosed() throws Exception {
    ServerTls tls = serve(4, 60_000);
    Socket oldest = begin();
    until(() -> tls.handshakes().count() == 1);
    begin();
    until(() -> tls.handshakes().count() == 2);
    begin();

    awaitEnd(oldest);

    assertThat(tls.handshakes().count()).isEqualTo(2);
  }

  @Test
  void aSourceWithManyHandshakesShutsNoOtherOut() {
    Handshakes handshakes = new Handshakes(4);
    From other = new From("192.0.2.1");
    From one = new From("2001:db8::1");
    From two = new From("2001:db8::2"); // whoever has the first has this one too
    for (From each : List.of(other, one, two, new From("2001:db8::3"), new From("192.0.2.2"))) {
      handshakes.begin(each);
    }
    assertThat(one.isOpen()).isFalse();
    assertThat(handshakes.count()).isEqualTo(4);

    From late = new From("192.0.2.3");
    handshakes.begin(late);

    assertThat(two.isOpen()).isFalse(); // not the oldest, but of the source with the most
    assertThat(other.isOpen()).isTrue();
    assertThat(late.isOpen()).isTrue();
    assertThat(handshakes.count()).isEqualTo(4);
  }

  @Test
  void theTasksOfAClosedConnectionAreLeftOut() throws Exception {
    Handshakes handshakes = new Handshakes(4);
    From closed = new From("192.0.2.1");
    var _ = closed.close();
    List<String> ran = new CopyOnWriteArrayList<>();

    handshakes.workersFor(closed).execute(() -> ran.add("closed"));
    Executor open = handshakes.workersFor(new From("192.0.2.1"));
    CountDownLatch done = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      open.execute(done::countDown);
    }

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).isEmpty();
  }

  /** A connection from an address. */
  private static final class From extends EmbeddedChannel {
    private final SocketAddress address;

    From(String address) {
      this.address = new InetSocketAddress(InetAddress.ofLiteral(address), 1);
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return address;
    }
  }
}
