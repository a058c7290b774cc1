package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.budget.BudgetClock;
import io.balsa.budget.RequestBudget;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that a service has not answered. */
@Timeout(30)
class ServedRequestsTest {
  private static final int MIB = 1 << 20;

  private final RequestBudget requests = new RequestBudget(RequestBudget.BYTES_MAX, 2 * MIB + 1000);
  private final AnswerBudget budget = new AnswerBudget(16 * MIB, MIB, BudgetClock.real(), requests);
  private final ConcurrentLinkedQueue<StreamObserver<PutResponse>> held =
      new ConcurrentLinkedQueue<>();
  private TestPort port;

  /** Answers a small put at once, and a large one when the test says so. */
  private final class Patient extends KVGrpc.KVImplBase {
    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
      if (request.getValue().size() < MIB) {
        answer(observer);
      } else {
        held.add(observer);
      }
    }
  }

  private static void answer(StreamObserver<PutResponse> observer) {
    observer.onNext(PutResponse.getDefaultInstance());
    observer.onCompleted();
  }

  @BeforeEach
  void start() throws FrontFailure {
    port = new TestPort(budget, new HttpRoutes(), new Patient());
  }

  @AfterEach
  void stop() throws Exception {
    port.close();
  }

  private Future<PutResponse> put(int bytes, String compression) {
    PutRequest put = PutRequest.newBuilder().setValue(ByteString.copyFrom(new byte[bytes])).build();
    KVGrpc.KVFutureStub stub = KVGrpc.newFutureStub(port.channel());
    return (compression.isEmpty() ? stub : stub.withCompression(compression)).put(put);
  }

  private void await(BooleanSupplier condition) {
    port.await("requests are served", condition);
  }

  private static void isRefused(Future<PutResponse> put) {
    assertThatThrownBy(put::get)
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("RESOURCE_EXHAUSTED")
        .hasMessageContaining("too many bytes of requests are being served");
  }

  /** A request that a service has may have taken effect, so the next one is refused. */
  @Test
  void whoComesWhenTooMuchIsServedIsRefused() throws Exception {
    Future<PutResponse> first = put(MIB, "");
    Future<PutResponse> second = put(MIB, "gzip");
    await(() -> held.size() == 2);
    assertThat(requests.bytesServed()).isBetween(2L * MIB, 2L * MIB + 100);
    assertThat(requests.bytes()).isZero();

    isRefused(put(MIB, ""));
    isRefused(put(MIB, "gzip"));
    put(1_000, "").get();
    assertThat(held).hasSize(2);
    assertThat(requests.refused()).isEqualTo(2);

    held.forEach(ServedRequestsTest::answer);
    first.get();
    second.get();
    await(() -> requests.bytesServed() == 0);
    var _ = put(MIB, "");
    await(() -> held.size() == 3);
  }

  @Test
  void aCallThatIsCancelledIsServedNoLonger() {
    Future<PutResponse> left = put(MIB, "");
    await(() -> held.size() == 1);
    left.cancel(true);
    await(() -> requests.bytesServed() == 0);
    assertThat(requests.bytes()).isZero();
  }
}
