package io.balsa.front;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.budget.RequestBudget;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.netty.util.internal.PlatformDependent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that arrive slowly or never completely. */
class RequestBudgetTest {
  private static final String PUT = KVGrpc.getPutMethod().getFullMethodName();
  private static final int MIB = 1 << 20;
  private static final int CLIENTS = 200;

  private final AnswerBudget budget = new AnswerBudget(16 * MIB, MIB);
  private TestPort port;

  @BeforeEach
  void start() throws FrontFailure {
    port =
        new TestPort(
            budget,
            new HttpRoutes()
                .with("/hello", (_, done) -> done.accept(HttpResponse.text(200, "hello\n"))),
            new TinyKv());
  }

  @AfterEach
  void stop() throws Exception {
    port.close();
  }

  private void put(int bytes) {
    ByteString value = ByteString.copyFrom(new byte[bytes]);
    var answer =
        KVGrpc.newBlockingStub(port.channel())
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .put(PutRequest.newBuilder().setValue(value).build());
    assertThat(answer.getPrevKv().getValue().size()).isEqualTo(bytes);
  }

  private void await(String what, BooleanSupplier condition) {
    port.await(what, condition);
  }

  /** The beginning of a message of {@code messageBytes} bytes. */
  private static byte[] part(int messageBytes, int here) throws IOException {
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    DataOutputStream framed = new DataOutputStream(part);
    framed.writeByte(0);
    framed.writeInt(messageBytes);
    framed.write(new byte[here]);
    return part.toByteArray();
  }

  @Test
  void wholeRequestsLeaveNothingBehind() throws Exception {
    for (int bytes : List.of(0, 10, 3_000, 100_000, 1_500_000)) {
      put(bytes);
    }
    assertThat(budget.requests().bytes()).isZero();
    assertThat(budget.requests().refused()).isZero();
  }

  @Test
  void unfinishedMessagesOnManyStreamsAreBounded() throws Exception {
    List<RawHttp2> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(port.rawHttp2(65_535));
    }
    int streams = 0;
    while (budget.requests().refused() < 10) {
      sendMost(clients.get(streams % clients.size()));
      streams++;
      assertThat(streams).as("so many of 1 MB each").isLessThan(200);
    }
    assertThat(budget.requests().bytes()).isLessThan(RequestBudget.BYTES_MAX + 8 * MIB);
    put(10);
    for (RawHttp2 client : clients) {
      client.close();
    }
    await("all is given back", () -> budget.requests().bytes() == 0 && budget.calls() == 0);
  }

  /** Sends no more than the server's window; the server grants more only when all has arrived. */
  private void sendMost(RawHttp2 client) throws IOException {
    long before = budget.requests().bytes();
    try {
      int stream = client.begin(PUT);
      client.data(stream, part(1_600_000, 0));
      for (int i = 0; i < 60; i++) {
        client.data(stream, new byte[16_000]);
      }
    } catch (SocketException closed) {
      return; // the client sent more of a refused request
    }
    awaitArrival(before + 960_000);
  }

  /**
   * Waits until these bytes have arrived, but at most 0.5 seconds, because some may be refused
   * meanwhile.
   */
  private void awaitArrival(long bytes) {
    long end = System.nanoTime() + 500_000_000L;
    while (budget.requests().bytes() < bytes && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aMessageInTinyPiecesCountsWhatItsPiecesCost() throws Exception {
    RawHttp2 client = port.rawHttp2(65_535);
    int stream = client.begin(PUT);
    client.data(stream, part(1_000_000, 0));
    for (int i = 0; i < 1_000; i++) {
      client.data(stream, new byte[1]);
    }
    await("512 B for each", () -> budget.requests().bytes() >= 1_000 * RequestBudget.PIECE_BYTES);
  }

  /** Such requests are not served but take memory, and their clients read nothing. */
  @Test
  void wholeMessagesWithoutTheirEndAreBounded() throws Exception {
    long before = PlatformDependent.usedDirectMemory();
    byte[] head = part(1_600_000, 0);
    for (int i = 0; i < CLIENTS; i++) {
      RawHttp2 client = port.rawHttp2(65_535);
      int stream = client.begin(PUT);
      client.data(stream, head);
      for (int sent = 0; sent < 1_600_000; sent += 16_000) {
        client.data(stream, new byte[16_000]);
      }
    }
    await("many are refused", () -> budget.requests().refused() > CLIENTS / 2);
    long half = CLIENTS * 800_000L;
    await(
        "what is refused is let go: less than half of what was sent is there",
        () -> {
          put(10);
          return budget.requests().bytes() < RequestBudget.BYTES_MAX + 8 * MIB
              && PlatformDependent.usedDirectMemory() < before + half;
        });
    port.closeClients();
    await("all is given back", () -> budget.requests().bytes() == 0 && budget.calls() == 0);
  }

  @Test
  void headersThatGoOnAreCountedUntilTheyEnd() throws Exception {
    RawHttp2 client = port.rawHttp2(65_535);
    int stream = client.beginWithoutEnd(PUT, 5, 8_000);
    await("its bytes", () -> budget.requests().bytes() >= 5 * 8_000);
    client.endHeaders(stream);
    await("the call begins", () -> budget.requests().bytes() == 0 && budget.calls() == 1);
    client.data(stream, part(0, 0));
    put(10);
  }

  @Test
  void bodiesOfHttpThatNeverEndAreBounded() throws Exception {
    String head = "POST /hello HTTP/1.1\r\nhost: x\r\ncontent-length: 2000000\r\n\r\n";
    byte[] most = new byte[1_900_000];
    int sockets = 0;
    while (budget.requests().refused() < 5) {
      Socket socket = port.socket(64 << 10);
      long before = budget.requests().bytes();
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      socket.getOutputStream().write(most);
      awaitArrival(before + most.length);
      sockets++;
      assertThat(sockets).as("so many of 2 MB each").isLessThan(100);
    }
    assertThat(budget.requests().bytes()).isLessThan(RequestBudget.BYTES_MAX + 8 * MIB);
    put(10);
    port.closeClients();
    await("all is given back", () -> budget.requests().bytes() == 0);
  }

  @Test
  void wholeBodiesLeaveNothingBehind() throws Exception {
    String body = "x".repeat(100_000);
    String request =
        "POST /hello HTTP/1.1\r\nhost: x\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    Socket socket = port.socket(64 << 10);
    for (int i = 0; i < 3; i++) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      socket.getInputStream().readNBytes(20);
    }
    await("nothing is left", () -> budget.requests().bytes() == 0);
    assertThat(budget.requests().refused()).isZero();
  }
}
