package io.balsa.api;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Sha256;
import io.balsa.proto.etcdserverpb.AlarmMember;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmRequest.AlarmAction;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import io.balsa.proto.etcdserverpb.AlarmType;
import io.balsa.proto.etcdserverpb.DefragmentRequest;
import io.balsa.proto.etcdserverpb.DowngradeRequest;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.HashRequest;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.grpc.Status;
import java.io.IOException;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

/** Requests of operators to one server. */
class MaintenanceTest extends AtOneServer {
  @Test
  void statusTellsVersionAndPlaces() {
    put("status", "1");
    StatusResponse status = maintenance().status(StatusRequest.getDefaultInstance());
    assertThat(status.getVersion()).isEqualTo(EtcdVersion.SERVER);
    assertThat(status.getLeader()).isEqualTo(OneServer.ID);
    assertThat(status.getRaftIndex()).isPositive();
    assertThat(status.getRaftAppliedIndex()).isPositive();
    assertThat(status.getHeader().getRevision()).isPositive();
    assertThat(status.getIsLearner()).isFalse();
    assertThat(status.getErrorsList()).isEmpty();
  }

  @Test
  void whatIsInUseIsNeverMoreThanTheStore() {
    put("size", "x".repeat(1_000_000));
    StatusResponse status = maintenance().status(StatusRequest.getDefaultInstance());
    assertThat(status.getDbSizeInUse()).isGreaterThan(1_000_000);
    assertThat(status.getDbSize()).isGreaterThanOrEqualTo(status.getDbSizeInUse());
  }

  @Test
  void alarmsAreRaisedListedAndCleared() throws IOException, InterruptedException {
    assertThat(alarm(AlarmAction.ACTIVATE, 0).getAlarmsList()).isEmpty();
    AlarmMember raised =
        AlarmMember.newBuilder().setMemberID(5).setAlarm(AlarmType.NOSPACE).build();
    assertThat(alarm(AlarmAction.ACTIVATE, 1).getAlarmsList()).containsExactly(raised);
    refused(
        () -> put("alarm", "1"),
        Status.Code.RESOURCE_EXHAUSTED,
        "etcdserver: mvcc: database space exceeded");
    eventuallyListed(1);
    assertThat(maintenance().status(StatusRequest.getDefaultInstance()).getErrorsList())
        .containsExactly("memberID:5 alarm:NOSPACE ");
    assertThat(get("/health"))
        .isEqualTo("503 {\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}\n");
    assertThat(get("/health?exclude=NOSPACE")).startsWith("200 ");
    assertThat(alarm(AlarmAction.DEACTIVATE, 1).getAlarmsList()).containsExactly(raised);
    eventuallyListed(0);
    assertThat(put("alarm", "1").hasHeader()).isTrue();
  }

  private static AlarmResponse alarm(AlarmAction action, int type) {
    return maintenance()
        .alarm(
            AlarmRequest.newBuilder().setAction(action).setMemberID(5).setAlarmValue(type).build());
  }

  private static void eventuallyListed(int alarms) {
    until(
        () -> alarms + " alarms are listed",
        () -> alarm(AlarmAction.GET, 0).getAlarmsCount() == alarms);
  }

  @Test
  void hashesAndDefragmentAndLeadership() {
    long revision = put("hash", "1").getHeader().getRevision();
    var hash = maintenance().hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
    assertThat(hash.getHashRevision()).isEqualTo(revision);
    assertThat(hash.getHeader().getRevision()).isGreaterThanOrEqualTo(revision);
    assertThat(maintenance().hash(HashRequest.getDefaultInstance()).getHash()).isNotZero();
    refused(
        () -> maintenance().hashKV(HashKVRequest.newBuilder().setRevision(1L << 40).build()),
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision is a future revision");
    assertThat(maintenance().defragment(DefragmentRequest.getDefaultInstance()).hasHeader())
        .isFalse();
    refused(
        () -> maintenance().moveLeader(MoveLeaderRequest.newBuilder().setTargetID(7).build()),
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: bad leader transferee");
  }

  @Test
  void aDowngradeIsValidatedAsByEtcd() {
    assertThat(maintenance().downgrade(downgradeTo("3.6")).getVersion()).isEqualTo("3.7.0");
    DowngradeRequest cancel =
        DowngradeRequest.newBuilder().setAction(DowngradeRequest.DowngradeAction.CANCEL).build();
    assertThat(maintenance().downgrade(cancel).getVersion()).isEqualTo("3.7.0");
    refused(
        () -> maintenance().downgrade(downgradeTo("3.5.0")),
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: invalid downgrade target version");
    refused(
        () -> maintenance().downgrade(downgradeTo("three")),
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: wrong downgrade target version format");
  }

  private static DowngradeRequest downgradeTo(String version) {
    return DowngradeRequest.newBuilder().setVersion(version).build();
  }

  /** The last blob is the digest of those before, which are a multiple of 512 bytes. */
  @Test
  void aSnapshotEndsWithItsDigest() {
    MessageDigest digest = Sha256.begin();
    long bytes = 0;
    var blobs = maintenance().snapshot(SnapshotRequest.getDefaultInstance());
    while (blobs.hasNext()) {
      SnapshotResponse blob = blobs.next();
      if (blobs.hasNext()) {
        digest.update(blob.getBlob().toByteArray());
        bytes += blob.getBlob().size();
      } else {
        assertThat(blob.getRemainingBytes()).isZero();
        assertThat(blob.getBlob().toByteArray()).isEqualTo(digest.digest());
      }
    }
    assertThat(bytes).isPositive();
    assertThat(bytes % 512).isZero();
  }
}
