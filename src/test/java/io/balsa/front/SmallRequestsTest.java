package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.budget.BudgetClock;
import io.balsa.budget.RequestBudget;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many requests that do not arrive completely, each too small to be refused alone. */
@Timeout(60)
class SmallRequestsTest {
  private static final String PUT = KVGrpc.getPutMethod().getFullMethodName();
  private static final int MIB = 1 << 20;

  /** A message of 4,000 bytes, of which so many come. */
  private static final byte[] HEAD = {0, 0, 0, 0xf, (byte) 0xa0};

  private final RequestBudget requests = new RequestBudget(MIB, 16 * MIB);
  private final AnswerBudget budget = new AnswerBudget(16 * MIB, MIB, BudgetClock.real(), requests);
  private TestPort port;

  @BeforeEach
  void start() throws FrontFailure {
    port = new TestPort(budget, new HttpRoutes(), new TinyKv());
  }

  @AfterEach
  void stop() throws Exception {
    port.close();
  }

  private void put() {
    ByteString value = ByteString.copyFrom(new byte[4_096]);
    var answer =
        KVGrpc.newBlockingStub(port.channel())
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .put(PutRequest.newBuilder().setValue(value).build());
    assertThat(answer.getPrevKv().getValue()).isEqualTo(value);
  }

  /** Begins calls whose message does not end. */
  private static void fill(RawHttp2 client, int calls, int bytes) {
    try {
      for (int i = 0; i < calls; i++) {
        int stream = client.begin(PUT);
        client.data(stream, HEAD);
        client.data(stream, new byte[bytes]);
      }
    } catch (IOException closed) {
      // it holds most, so the server has closed it
    }
  }

  private void doNotDriveOthersOut(int bytes) throws Exception {
    for (int round = 0; round < 20; round++) {
      RawHttp2 client = port.rawHttp2(65_535);
      fill(client, 200, bytes);
      for (int i = 0; i < 10; i++) {
        put();
      }
    }
    assertThat(requests.refused()).as("the budget was full").isPositive();
    port.await("the limit holds", () -> requests.bytes() < 2 * MIB);
    port.closeClients();
    port.await("all is given back", () -> requests.bytes() == 0);
  }

  @Test
  void tooSmallToBeNotedDoNotDriveOthersOut() throws Exception {
    doNotDriveOthersOut(1_500);
  }

  /** They are smaller than the requests of the others. */
  @Test
  void smallerThanOthersDoNotDriveThemOut() throws Exception {
    doNotDriveOthersOut(1_700);
  }
}
