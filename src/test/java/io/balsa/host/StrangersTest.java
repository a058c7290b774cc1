package io.balsa.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What those may cost who reach the peer port and of whom nobody says that they are known. */
@Timeout(60)
class StrangersTest {
  private final List<GrpcNetwork> opened = new ArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();
  private final RecordedLinks accepted = new RecordedLinks();
  private final RecordedLinks connected = new RecordedLinks();

  @AfterEach
  void close() throws IOException {
    opened.forEach(GrpcNetwork::close);
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private GrpcNetwork network() {
    GrpcNetwork network = new GrpcNetwork(List.of(new HostPort("127.0.0.1", 0)));
    opened.add(network);
    return network;
  }

  private GrpcNetwork listening() {
    GrpcNetwork network = network();
    network.listen(accepted);
    return network;
  }

  private Socket socketTo(GrpcNetwork server, String from) throws IOException {
    InetAddress here = InetAddress.ofLiteral("127.0.0.1");
    Socket socket = new Socket(here, server.port(), InetAddress.ofLiteral(from), 0);
    sockets.add(socket);
    return socket;
  }

  /** Whether the other side has closed a connection, or will soon: all it said before is read. */
  private static boolean ends(Socket socket, int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      while (socket.getInputStream().read() >= 0) {}
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void aStrangerThatSaysMuchIsCutOffBeforeItIsAllRead() throws Exception {
    Link link = network().connect("127.0.0.1:" + listening().port(), connected);
    connected.nextOpened();
    link.send(Bytes.wrap(new byte[1 << 20]));

    assertThat(connected.nextClosed()).isNotEmpty();
    accepted.nextOpened();
    assertThat(accepted.nextClosed()).isNotEmpty();
  }

  @Test
  void whoIsKnownMaySayMuch() throws Exception {
    Link link = network().connect("127.0.0.1:" + listening().port(), connected);
    connected.nextOpened();
    accepted.nextOpened().known();
    // the answer comes after it is known there
    Bytes frame = Bytes.wrap(new byte[1 << 20]);
    link.send(Bytes.utf8("first"));
    assertThat(accepted.nextFrame()).isEqualTo(Bytes.utf8("first"));
    link.send(frame);
    assertThat(accepted.nextFrame()).isEqualTo(frame);
  }

  @Test
  void theOldestOfTooManyFromOneSourceGoes() throws Exception {
    GrpcNetwork server = listening();
    Link member = network().connect("127.0.0.1:" + server.port(), connected);
    connected.nextOpened();
    accepted.nextOpened().known();
    List<Socket> crowd = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      crowd.add(socketTo(server, "127.0.0.1"));
    }

    assertThat(ends(crowd.getFirst(), 10_000)).isTrue();
    assertThat(ends(crowd.get(1), 1)).isFalse();
    assertThat(ends(crowd.getLast(), 1)).isFalse();
    assertThat(member.send(Bytes.utf8("still here"))).isTrue();
    assertThat(accepted.nextFrame()).isEqualTo(Bytes.utf8("still here"));
  }

  @Test
  void theOldestOfTooManyInAllGoes() throws Exception {
    GrpcNetwork server = listening();
    List<Socket> crowd = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      crowd.add(socketTo(server, "127.0.0." + (10 + i % 10)));
    }

    assertThat(ends(crowd.getFirst(), 10_000)).isTrue();
    assertThat(ends(crowd.get(1), 1)).isFalse();
  }

  @Test
  void aMemberGetsInThroughACrowd() throws Exception {
    GrpcNetwork server = listening();
    for (int i = 0; i < 200; i++) {
      socketTo(server, "127.0.0.1").getOutputStream().write("PRI * HTT".getBytes(US_ASCII));
      if (i % 10 == 0) {
        network().connect("127.0.0.1:" + server.port(), connected);
        connected.nextOpened();
        accepted.nextOpened().known();
      }
    }
    assertThat(accepted.openings()).isEqualTo(20);
  }

  @Test
  void whoStaysAStrangerHasToGo() throws Exception {
    GrpcNetwork server = new GrpcNetwork(List.of(new HostPort("127.0.0.1", 0)), 1_000, null);
    opened.add(server);
    server.listen(accepted);
    Socket silent = socketTo(server, "127.0.0.1");
    network().connect("127.0.0.1:" + server.port(), connected);
    connected.nextOpened();

    assertThat(connected.nextClosed()).isNotEmpty();
    assertThat(ends(silent, 10_000)).isTrue();
  }
}
