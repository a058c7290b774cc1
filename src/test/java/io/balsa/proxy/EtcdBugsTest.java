package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.grpc.ManagedChannel;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bugs that etcd had, by the number of the issue, and the known bugs of the state machine, without
 * watches. docs/verification.md says where the others are.
 */
@SharesCores
@Timeout(60)
class EtcdBugsTest {
  private static DirectCluster cluster;

  @BeforeAll
  static void open() throws Exception {
    cluster = new DirectCluster();
  }

  @AfterAll
  static void close() throws Exception {
    cluster.close();
  }

  @Test
  void etcd17780Kb95TheRevisionNeverGoesBackOverACompaction() throws Exception {
    var _ = cluster.put("gone");
    long last = cluster.delete("gone");
    cluster.compact(last);
    for (long id = 1; id <= 3; id++) {
      cluster.servers().stop(id);
    }
    for (long id = 1; id <= 3; id++) {
      cluster.servers().start(id);
    }
    until(() -> cluster.servers().leader() != 0);
    for (ManagedChannel each : cluster.channels()) {
      assertThat(cluster.revision(each)).isEqualTo(last);
    }
    assertThat(cluster.put("after")).isEqualTo(last + 1);
    cluster.hashesAgree();
  }

  @Test
  void etcd18055Kb57TwoSnapshotsAtOnce() {
    var _ = cluster.put("z");
    MaintenanceGrpc.MaintenanceBlockingStub maintenance =
        MaintenanceGrpc.newBlockingStub(cluster.channel());
    Iterator<SnapshotResponse> one = maintenance.snapshot(SnapshotRequest.getDefaultInstance());
    Iterator<SnapshotResponse> two = maintenance.snapshot(SnapshotRequest.getDefaultInstance());
    long first = 0;
    long second = 0;
    while (one.hasNext() || two.hasNext()) {
      first += one.hasNext() ? one.next().getBlob().size() : 0;
      second += two.hasNext() ? two.next().getBlob().size() : 0;
    }
    assertThat(first).isPositive();
    assertThat(second).isPositive();
  }

  @Test
  void etcd18667Kb79APastThatIsGoneFailsTheWholeTransactionEverywhere() {
    long before = cluster.put("r");
    cluster.compact(before);
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addSuccess(
                RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(text("r"))))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestRange(
                        RangeRequest.newBuilder().setKey(text("r")).setRevision(before - 1)))
            .build();
    assertThatThrownBy(() -> cluster.kv(cluster.channel()).txn(txn))
        .hasMessageContaining("required revision has been compacted");
    assertThat(cluster.revision(cluster.channel())).isEqualTo(before);
    cluster.hashesAgree();
  }

  @Test
  void kb89AKeyAndARevocationThatRaceLeaveNoKeyOfADeadLease() throws Exception {
    for (int round = 0; round < 30; round++) {
      long id = 1_000L + round;
      var lease = LeaseGrpc.newBlockingStub(cluster.channel());
      var _ = lease.leaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(60).build());
      PutRequest put = PutRequest.newBuilder().setKey(text("l" + id)).setLease(id).build();
      var racing = KVGrpc.newFutureStub(cluster.channel(3L)).put(put);
      var _ = lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
      try {
        var _ = racing.get(10, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e).hasMessageContaining("requested lease not found");
      }
      RangeRequest range = RangeRequest.newBuilder().setKey(text("l" + id)).build();
      assertThat(cluster.kv(cluster.channel()).range(range).getCount()).isZero();
      assertThatThrownBy(() -> lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build()))
          .hasMessageContaining("requested lease not found");
    }
    cluster.hashesAgree();
  }
}
