package io.balsa.front;

import static io.balsa.host.Until.untilStill;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.budget.AnswerBudget;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JSON bodies whose values take far more memory than their bytes. */
class JsonFloodTest {
  private static final int BODY_BYTES = FrontLimits.DEFAULT.bodyBytes() - 100;

  private final AnswerBudget budget = new AnswerBudget(16 << 20, 4 << 20);
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicBoolean gone = new AtomicBoolean();
  private TestPort port;

  @BeforeEach
  void start() throws FrontFailure {
    JsonGateway gateway =
        new JsonGateway(List.of(new Alive().bindService(), new Sizes().bindService()), List.of());
    port = new TestPort(budget, new HttpRoutes().with(JsonGateway.PATH, gateway), new TinyKv());
  }

  @AfterEach
  void stop() throws Exception {
    port.close();
  }

  /** Answers each keepalive at once. */
  private final class Alive extends LeaseGrpc.LeaseImplBase {
    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
        StreamObserver<LeaseKeepAliveResponse> observer) {
      return new StreamObserver<>() {
        @Override
        public void onNext(LeaseKeepAliveRequest request) {
          asked.incrementAndGet();
          observer.onNext(LeaseKeepAliveResponse.newBuilder().setID(request.getID()).build());
        }

        @Override
        public void onError(Throwable t) {
          gone.set(true);
        }

        @Override
        public void onCompleted() {
          observer.onCompleted();
        }
      };
    }
  }

  /** Answers with the size of the request. */
  private static final class Sizes extends KVGrpc.KVImplBase {
    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
      observer.onNext(
          PutResponse.newBuilder().setHeader(header(request.getValue().size())).build());
      observer.onCompleted();
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> observer) {
      int operations =
          request.getCompareCount() + request.getSuccessCount() + request.getFailureCount();
      observer.onNext(TxnResponse.newBuilder().setHeader(header(operations)).build());
      observer.onCompleted();
    }

    private static ResponseHeader header(int number) {
      return ResponseHeader.newBuilder().setRevision(number).build();
    }
  }

  private BufferedReader post(String path, String body) throws IOException {
    Socket socket = port.socket(16 << 10);
    String head =
        "POST /v3/" + path + " HTTP/1.1\r\nconnection: close\r\ncontent-length: " + body.length();
    socket.getOutputStream().write((head + "\r\n\r\n" + body).getBytes(UTF_8));
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  private static String all(BufferedReader answer) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = answer.readLine(); line != null; line = answer.readLine()) {
      all.append(line).append('\n');
    }
    return all.toString();
  }

  private void await(String what, BooleanSupplier condition) {
    port.await(what, condition);
  }

  @Test
  void aStreamIsReadAsItsAnswersAre() throws Exception {
    int requests = BODY_BYTES / 2;
    BufferedReader unread = post("lease/keepalive", "{}".repeat(requests));
    await("it has begun", () -> asked.get() > 0);
    isServedWhile();
    untilStill(asked::get);
    // the kernel and Netty take some of the answers
    assertThat(asked.get()).isLessThan(requests / 4);
    assertThat(budget.bytesHeld()).isLessThan(2 << 20);
    assertThat(budget.requests().bytes()).isBetween((long) BODY_BYTES, BODY_BYTES * 9L / 8);
    assertThat(unread.readLine()).startsWith("HTTP/1.1 200 ");
  }

  /** Other connections of the event loop are served. */
  private void isServedWhile() throws IOException {
    for (int i = 0; i < 20; i++) {
      long begun = System.nanoTime();
      assertThat(all(post("kv/put", "{\"value\":\"Zm9v\"}"))).contains("\"revision\":\"3\"");
      assertThat(System.nanoTime() - begun).as("a put").isLessThan(1_000_000_000L);
    }
  }

  @Test
  void allRequestsOfAStreamAreAnsweredInOrder() throws Exception {
    StringBuilder body = new StringBuilder();
    for (int i = 1; i <= 5_000; i++) {
      body.append("{\"ID\":\"").append(i).append("\"} \n");
    }
    String answers = all(post("lease/keepalive", body.toString()));
    int at = 0;
    for (int i = 1; i <= 5_000; i++) {
      at = answers.indexOf("{\"result\":{\"ID\":\"" + i + "\"}}", at);
      assertThat(at).as("answer " + i).isNotNegative();
    }
    assertThat(answers).doesNotContain("error").endsWith("0\n\n");
    await("nothing is left", () -> budget.requests().bytes() == 0 && budget.bytesHeld() == 0);
  }

  @Test
  void aBadRequestAmongThemEndsTheStreamThere() throws Exception {
    String answers = all(post("lease/keepalive", "{\"ID\":\"1\"}{\"ID\":true}{\"ID\":\"3\"}"));
    assertThat(answers)
        .startsWith("HTTP/1.1 200 ")
        .contains("{\"result\":{\"ID\":\"1\"}}\n", "{\"error\":{\"code\":3,")
        .doesNotContain("\"ID\":\"3\"");
    await("its service knows", gone::get);
    assertThat(all(post("lease/keepalive", "{\"ID\":true}"))).startsWith("HTTP/1.1 400 ");
    assertThat(asked.get()).isEqualTo(1);
    await("nothing is left", () -> budget.requests().bytes() == 0 && budget.bytesHeld() == 0);
  }

  @Test
  void tooManyValuesAreRefused() throws Exception {
    for (String many :
        List.of(
            "{\"compare\":[" + "{},".repeat(50_000) + "{}]}",
            "{\"x\":[" + "[],".repeat(700_000) + "0]}",
            "{\"x\":[" + "[".repeat(90) + "1,".repeat(60_000) + "1" + "]".repeat(90) + "]}")) {
      assertThat(all(post("kv/txn", many)))
          .startsWith("HTTP/1.1 400 ")
          .contains("{\"code\":3,\"message\":\"malformed JSON: more than 50000 values\"}");
    }
    assertThat(all(post("lease/keepalive", "{\"x\":[" + "0,".repeat(60_000) + "0]}")))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void theLargestRequestsPass() throws Exception {
    String value = Base64.getEncoder().encodeToString(new byte[1536 << 10]);
    assertThat(all(post("kv/put", "{\"key\":\"Zm9v\",\"value\":\"" + value + "\"}")))
        .contains("\"revision\":\"1572864\"");
    String put = "{\"request_put\":{\"key\":\"Zm9v\",\"value\":\"Zm9v\",\"prev_kv\":true}}";
    String puts = "[" + (put + ",").repeat(127) + put + "]";
    String is = "{\"key\":\"Zm9v\",\"result\":\"EQUAL\",\"target\":\"VERSION\",\"version\":\"1\"}";
    String txn =
        "{\"compare\":[" + (is + ",").repeat(127) + is + "],\"success\":" + puts + ",\"failure\":";
    assertThat(all(post("kv/txn", txn + puts + "}"))).contains("\"revision\":\"384\"");
  }
}
