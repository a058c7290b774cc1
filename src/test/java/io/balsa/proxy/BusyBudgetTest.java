package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.budget.Share;
import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches at a proxy whose answers have used up their budget. */
@SharesCores
@Timeout(120)
class BusyBudgetTest extends BeforeRealServers {
  private static final int MIB = 1 << 20;

  private final AnswerBudget budget = new AnswerBudget(16 * MIB, 4 * MIB);

  @Override
  Proxy proxyOf(List<HostPort> addresses) throws Exception {
    ProxyConfig config = ProxyConfig.of(addresses, ProxiedCluster.ANY_PORT);
    return Proxy.start(config, UnaryRequestBudget.ofProcess(), budget);
  }

  private static WatchRequest create(String key, String end, long from) {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder()
                .setKey(text(key))
                .setRangeEnd(text(end))
                .setPrevKv(true)
                .setStartRevision(from))
        .build();
  }

  @Test
  void aWatchWaitsForRoomToKeepARevision() throws Exception {
    int keys = 10_500; // too many for one response, 1.7 MB
    ByteString value = ByteString.copyFrom(new byte[120]);
    long begun = 0;
    for (int at = 0; at < keys; at += 100) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (int i = at; i < at + 100; i++) {
        PutRequest.Builder put = PutRequest.newBuilder().setKey(text("d" + i)).setValue(value);
        txn.addSuccess(RequestOp.newBuilder().setRequestPut(put));
      }
      begun = kv().txn(txn.build()).getHeader().getRevision() + 1;
    }
    TestWatcher watcher = new TestWatcher();
    var requests = WatchGrpc.newStub(channel).withMaxInboundMessageSize(8 * MIB).watch(watcher);
    requests.onNext(create("d", "e", begun));
    requests.onNext(create("x", "y", begun));
    until(() -> watcher.created() == 2);
    Share other = budget.share();
    assertThat(other.tryTake(12 * MIB)).isTrue();

    DeleteRangeRequest delete =
        DeleteRangeRequest.newBuilder().setKey(text("d")).setRangeEnd(text("e")).build();
    long deleted = kv().deleteRange(delete).getHeader().getRevision();
    long put =
        kv().put(PutRequest.newBuilder().setKey(text("x")).build()).getHeader().getRevision();
    until(() -> watcher.revisions().contains(put)); // the stream's other watch continues
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
    assertThat(watcher.canceledIds()).isEmpty();
    assertThat(watcher.revisions()).containsExactly(put);

    other.end();
    until(() -> watcher.revisions().size() == keys + 1);
    assertThat(watcher.revisions().subList(1, keys + 1))
        .isEqualTo(Collections.nCopies(keys, deleted));
    assertThat(watcher.canceledIds()).isEmpty();
    assertThat(watcher.responses()).isEqualTo(2);
    assertThat(watcher.ended().isOk()).isTrue();
  }
}
