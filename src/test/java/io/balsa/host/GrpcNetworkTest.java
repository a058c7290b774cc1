package io.balsa.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GrpcNetworkTest {
  private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

  private final List<GrpcNetwork> opened = new ArrayList<>();
  private final RecordedLinks accepted = new RecordedLinks(true);
  private final RecordedLinks connected = new RecordedLinks();

  @AfterEach
  void close() {
    opened.forEach(GrpcNetwork::close);
  }

  @Test
  void framesArriveInOrderAndInBothDirections() throws Exception {
    Link link = connect(listening());
    for (int i = 0; i < 10_000; i++) {
      assertThat(link.send(Bytes.utf8("there " + i))).isTrue();
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(accepted.nextFrame()).isEqualTo(Bytes.utf8("there " + i));
    }

    Link back = accepted.nextOpened();
    for (int i = 0; i < 10_000; i++) {
      assertThat(back.send(Bytes.utf8("back " + i))).isTrue();
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(connected.nextFrame()).isEqualTo(Bytes.utf8("back " + i));
    }
  }

  @Test
  void framesFromManyThreadsAllArrive() throws Exception {
    Link link = connect(listening());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 1_000; i++) {
                      link.send(Bytes.of(i & 0xff));
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    for (int i = 0; i < 8_000; i++) {
      assertThat(accepted.nextFrame().size()).isEqualTo(1);
    }
  }

  @Test
  void aFrameOfTheLargestSizeArrivesWhole() throws Exception {
    byte[] content = new byte[Network.FRAME_BYTES_MAX];
    new Random(1).nextBytes(content);
    Bytes frame = Bytes.wrap(content);

    connect(listening()).send(frame);

    assertThat(accepted.nextFrame()).isEqualTo(frame);
  }

  @Test
  void anEmptyFrameAndASliceArriveAsTheyAre() throws Exception {
    Link link = connect(listening());

    link.send(Bytes.EMPTY);
    link.send(Bytes.utf8("abcdef").slice(2, 4));

    assertThat(accepted.nextFrame()).isEqualTo(Bytes.EMPTY);
    assertThat(accepted.nextFrame()).isEqualTo(Bytes.utf8("cd"));
  }

  @Test
  void closingOneSideIsToldToBothAfterTheLastFrame() throws Exception {
    Link link = connect(listening());
    link.send(Bytes.utf8("last"));
    link.close();

    assertThat(connected.nextClosed()).isEqualTo("closed by this server");
    assertThat(accepted.nextFrame()).isEqualTo(Bytes.utf8("last"));
    assertThat(accepted.nextClosed()).isEqualTo("closed by the peer");
    assertThat(link.send(Bytes.utf8("too late"))).isFalse();
  }

  @Test
  void theAcceptingSideMayRefuseWithALastFrame() throws Exception {
    connect(listening());
    Link back = accepted.nextOpened();
    back.send(Bytes.utf8("refused"));
    back.close();

    assertThat(connected.nextFrame()).isEqualTo(Bytes.utf8("refused"));
    assertThat(connected.nextClosed()).isEqualTo("closed by the peer");
  }

  @Test
  void aPeerThatEndsIsNoticedAtOnce() throws Exception {
    GrpcNetwork server = listening();
    connect(server);
    long before = System.nanoTime();
    server.close();

    assertThat(connected.nextClosed()).isNotEmpty();
    assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void aClientThatEndsIsNoticedAtOnce() throws Exception {
    connect(listening());
    accepted.nextOpened();
    opened.getLast().close();

    assertThat(accepted.nextClosed()).isNotEmpty();
  }

  @Test
  void aRefusedConnectionIsToldAtOnceEachTime() throws Exception {
    int free = FreePorts.choose(1).getFirst();
    GrpcNetwork network = network();
    network.connect("127.0.0.1:" + free, connected);
    assertThat(connected.nextClosed()).contains("Connection refused");

    long before = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      network.connect("http://localhost:" + free, connected);
      assertThat(connected.nextClosed()).contains("Connection refused");
    }
    assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(2));
  }

  @Test
  void aPeerThatAcceptsButNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      network().connect("127.0.0.1:" + silent.getLocalPort(), connected);

      assertThat(connected.nextClosed()).isEqualTo("no answer within 2000 ms");
    }
  }

  @Test
  void aFullLinkDropsTheFrameAndSaysSo() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Link link = network().connect("127.0.0.1:" + silent.getLocalPort(), connected);
      Bytes frame = Bytes.wrap(new byte[1 << 20]);
      int taken = 0;
      while (link.send(frame)) {
        taken++;
      }
      assertThat(taken).isEqualTo(GrpcLink.WAITING_BYTES_MAX >> 20);
    }
  }

  @Test
  void aThousandGarbageConnectionsHarmNothing() throws Exception {
    GrpcNetwork server = listening();
    Link link = connect(server);
    Random random = new Random(7);
    List<Socket> halfSent = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
      garble(socket, i, random);
      halfSent.add(socket);
      assertThat(link.send(Bytes.of(i & 0xff))).isTrue();
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(accepted.nextFrame()).isEqualTo(Bytes.of(i & 0xff));
    }
    for (Socket socket : halfSent) {
      socket.close();
    }
    assertThat(accepted.openings()).isEqualTo(1);
  }

  private static void garble(Socket socket, int i, Random random) throws IOException {
    byte[] garbage = new byte[1 + random.nextInt(200)];
    random.nextBytes(garbage);
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    OutputStream out = socket.getOutputStream();
    switch (i % 4) {
      case 0 -> out.write(garbage);
      case 1 -> out.write(preface, 0, 1 + random.nextInt(preface.length - 1));
      case 2 -> {
        out.write(preface);
        out.write(garbage);
      }
      case 3 -> socket.close();
      default -> throw new AssertionError(i);
    }
  }

  @Test
  void aPortInUseIsOneClearLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      GrpcNetwork network =
          new GrpcNetwork(List.of(new HostPort("127.0.0.1", taken.getLocalPort())));
      opened.add(network);

      assertThatThrownBy(() -> network.listen(accepted))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageMatching(
              "cannot listen for peers on 127.0.0.1:\\d+: .*in use.*; is another server running"
                  + " there\\?");
    }
  }

  @Test
  void thePortIsFreeOnceTheNetworkIsClosed() throws Exception {
    GrpcNetwork first = listening();
    connect(first);
    HostPort same = new HostPort("127.0.0.1", first.port());
    first.close();

    GrpcNetwork second = new GrpcNetwork(List.of(same));
    opened.add(second);
    second.listen(accepted);
    assertThat(second.port()).isEqualTo(same.port());
  }

  private GrpcNetwork network() {
    GrpcNetwork network = new GrpcNetwork(List.of(ANY_PORT));
    opened.add(network);
    return network;
  }

  private GrpcNetwork listening() {
    GrpcNetwork network = network();
    network.listen(accepted);
    return network;
  }

  private Link connect(GrpcNetwork server) throws InterruptedException {
    Link link = network().connect("127.0.0.1:" + server.port(), connected);
    assertThat(connected.nextOpened()).isSameAs(link);
    return link;
  }
}
