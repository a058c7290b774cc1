package io.balsa.front;

import static io.balsa.host.Until.untilStill;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.budget.AnswerBudget;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/1.1 clients that send many requests at once, or never finish one. */
class HttpFloodTest {
  private static final String GET = "GET /x HTTP/1.1\r\n\r\n";
  private static final String CHUNKED = "POST /x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final FrontLimits LIMITS = new FrontLimits(64 << 10, 10_000, 10_000, 4_000, 100);

  private final AnswerBudget budget = new AnswerBudget(16 << 20, 12 << 20);
  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final AtomicInteger answered = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private TestPort port;

  @BeforeEach
  void start() throws FrontFailure {
    port =
        new TestPort(
            budget,
            LIMITS,
            new HttpRoutes()
                .with("/x", (_, done) -> done.accept(number()))
                .with("/big", (_, done) -> done.accept(HttpResponse.text(200, "b".repeat(8 << 20))))
                .with("/later", (_, done) -> writer.execute(() -> later(done))),
            new TinyKv());
  }

  private HttpResponse number() {
    return HttpResponse.text(200, "<" + answered.getAndIncrement() + ">" + "x".repeat(500));
  }

  private void later(java.util.function.Consumer<HttpResponse> done) {
    try {
      release.await();
      done.accept(HttpResponse.text(200, "later"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() throws Exception {
    release.countDown();
    port.close();
    writer.shutdownNow();
  }

  private Socket send(String bytes) throws IOException {
    Socket socket = port.socket(64 << 10);
    more(socket, bytes);
    return socket;
  }

  private static void more(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private void await(String what, BooleanSupplier condition) {
    port.await(what, condition);
  }

  @Test
  void whoReadsNoAnswerGetsOneAtATime() throws Exception {
    int asked = 60_000;
    Socket socket = send("");
    Future<?> sent = writer.submit(() -> pipeline(socket, asked));
    untilStill(answered::get);
    // the kernel takes at most 6 MB of the answers
    assertThat(answered.get()).isLessThan(asked / 3);
    assertThat(budget.bytesHeld()).as("one short answer").isEqualTo(1_024);
    assertThat(budget.requests().bytes()).as("two reads").isLessThan(200_000);
    String answers = readTo(socket, "<" + (asked - 1) + ">");
    sent.get();
    for (int i = 0, at = 0; i < asked; i++) {
      at = answers.indexOf("<" + i + ">", at);
      assertThat(at).as("answer " + i).isNotNegative();
    }
    await("nothing is left", () -> budget.bytesHeld() == 0 && budget.requests().bytes() == 0);
  }

  private static Void pipeline(Socket socket, int requests) throws IOException {
    for (int i = 0; i < requests / 1_000; i++) {
      more(socket, GET.repeat(1_000));
    }
    return null;
  }

  private static String readTo(Socket socket, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    InputStream in = socket.getInputStream();
    byte[] piece = new byte[64 << 10];
    while (read.indexOf(end, Math.max(0, read.length() - 2 * piece.length)) < 0) {
      int bytes = in.read(piece);
      assertThat(bytes).as("more comes").isPositive();
      read.append(new String(piece, 0, bytes, ISO_8859_1));
    }
    return read.toString();
  }

  @Test
  void requestsBehindAnOpenAnswerStayBytes() throws Exception {
    Socket socket = send("GET /later HTTP/1.1\r\n\r\n" + GET.repeat(3_000));
    await("they are counted", () -> budget.requests().bytes() > 1_000);
    LockSupport.parkNanos(200_000_000);
    assertThat(answered.get()).isZero();
    assertThat(budget.requests().bytes()).as("two reads").isLessThan(200_000);
    release.countDown();
    assertThat(readTo(socket, "<2999>")).contains("later", "<0>", "<1>", "<2998>");
    await("nothing is left", () -> budget.requests().bytes() == 0);
  }

  @Test
  void anUnfinishedHeadCostsItsBytes() throws Exception {
    Socket socket = send("GET /x HTTP/1.1\r\n" + "a:\r\n".repeat(90));
    await("they are counted", () -> budget.requests().bytes() >= 370);
    assertThat(budget.requests().bytes()).isLessThanOrEqualTo(4_096);
    more(socket, "\r\n");
    assertThat(readTo(socket, "<0>")).startsWith("HTTP/1.1 200 ");
    await("nothing is left", () -> budget.requests().bytes() == 0);
  }

  @Test
  void headsThatAreTooLargeAreRefused() throws Exception {
    for (String head :
        List.of(
            "a:\r\n".repeat(101),
            "a: " + "b".repeat(9_000),
            "a: " + "b".repeat(9_000) + "\r\n\r\n",
            "a: " + "b".repeat(2_000_000))) {
      assertThat(rest(send("GET /x HTTP/1.1\r\n" + head))).startsWith("HTTP/1.1 431 ");
    }
    assertThat(rest(send("GET /" + "x".repeat(9_000)))).startsWith("HTTP/1.1 431 ");
    assertThat(answered.get()).isZero();
    await("nothing is left", () -> budget.requests().bytes() == 0);
  }

  @Test
  void headsInPiecesAndWithBlanksBeforeThemAreRead() throws Exception {
    Socket socket = send("");
    socket.setTcpNoDelay(true);
    for (char c : ("\r\n" + GET).repeat(3).substring(2).toCharArray()) {
      more(socket, String.valueOf(c));
    }
    assertThat(readTo(socket, "<2>")).contains("<0>", "<1>");
  }

  @Test
  void bodiesThatAreTooLargeAreRefusedOnce() throws Exception {
    String chunk = "4000\r\n" + "y".repeat(0x4000) + "\r\n";
    assertThat(rest(send(CHUNKED + chunk.repeat(200)))).startsWith("HTTP/1.1 413 ");
    String long1 = "POST /x HTTP/1.1\r\ncontent-length: 9999999\r\n";
    assertThat(rest(send(long1 + "\r\n" + "y".repeat(2_000_000)))).startsWith("HTTP/1.1 413 ");
    String expecting = long1 + "expect: 100-continue\r\n\r\n";
    assertThat(rest(send(expecting.repeat(100))).split("HTTP/1.1 413", -1)).hasSize(2);
    String other = "POST /x HTTP/1.1\r\ncontent-length: 1\r\nexpect: more\r\n\r\n";
    assertThat(rest(send(other.repeat(100))).split("HTTP/1.1 417", -1)).hasSize(2);
    assertThat(answered.get()).isZero();
    await("nothing is left", () -> budget.requests().bytes() == 0);
  }

  @Test
  void chunksMayNotBeMostlyFraming() throws Exception {
    assertThat(rest(send(CHUNKED + "1\r\ny\r\n0\r\n" + "a:\r\n".repeat(1_000))))
        .startsWith("HTTP/1.1 400 ");
    Socket socket = send(CHUNKED + "1\r\ny\r\n0\r\na: b\r\n\r\n" + GET);
    assertThat(readTo(socket, "<1>")).contains("<0>");
  }

  @Test
  void whoNeverReadsAnAnswerLosesTheConnection() throws Exception {
    Socket socket = send("GET /big HTTP/1.1\r\n\r\n");
    await("it is held", () -> budget.bytesHeld() > 0);
    await("it is closed", () -> port.server().httpConnections() == 0 && budget.bytesHeld() == 0);
    assertThat(budget.closedConnections()).as("not for want of room").isZero();
    assertThat(socket.isConnected()).isTrue();
  }

  @Test
  void whoReadsSlowlyDoesNot() throws Exception {
    Socket socket = send("GET /big HTTP/1.1\r\n\r\n");
    InputStream in = socket.getInputStream();
    int read = 0;
    long end = System.nanoTime() + 6_000_000_000L;
    while (System.nanoTime() < end) {
      read += in.readNBytes(100_000).length;
      LockSupport.parkNanos(100_000_000);
    }
    int most = 8 << 20;
    while (read < most) {
      int more = in.readNBytes(100_000).length;
      assertThat(more).isPositive();
      read += more;
    }
    assertThat(read).isGreaterThanOrEqualTo(most);
  }

  @Test
  void whoIsRefusedCanReadWhy() throws Exception {
    Socket socket = send("POST /x HTTP/1.1\r\ncontent-length: 9999999\r\n\r\n");
    try {
      for (int i = 0; i < 100; i++) {
        more(socket, "y".repeat(99_999));
      }
    } catch (SocketException e) {
      throw new AssertionError("it may say all before it listens", e);
    }
    assertThat(rest(socket)).startsWith("HTTP/1.1 413 ");
  }
}
