package io.balsa.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.AlarmMember;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmRequest.AlarmAction;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import io.balsa.proto.etcdserverpb.AlarmType;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthStatusRequest;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.DefragmentRequest;
import io.balsa.proto.etcdserverpb.DowngradeRequest;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.HashRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.MemberAddRequest;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server of one, as etcd's clients see it. */
class EtcdServerTest {
  private static OneServer one;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() {
    one = OneServer.start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", one.port()).usePlaintext().build();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    one.close();
  }

  private static KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
    return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static PutResponse put(String key, String value) {
    return kv().put(
            PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .build());
  }

  private static RangeRequest range(String key) {
    return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  private static void refused(ThrowingCallable call, Status.Code code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).isEqualTo(text);
            });
  }

  @Test
  void aHeaderSaysWhoAnsweredAndWhen() {
    PutResponse first = put("header", "1");
    PutResponse second = put("header", "2");
    assertThat(first.getHeader().getClusterId()).isEqualTo(OneServer.CLUSTER);
    assertThat(first.getHeader().getMemberId()).isEqualTo(OneServer.ID);
    assertThat(first.getHeader().getRaftTerm()).isPositive();
    assertThat(second.getHeader().getRevision()).isGreaterThan(first.getHeader().getRevision());
    assertThat(kv().range(range("header")).getKvs(0).getValue().toStringUtf8()).isEqualTo("2");
  }

  @Test
  void aRequestIsTooLargeFrom1572864Bytes() {
    ByteString most = ByteString.copyFrom(new byte[OneServer.MAX_REQUEST_BYTES - 64]);
    ByteString tooMuch = ByteString.copyFrom(new byte[OneServer.MAX_REQUEST_BYTES]);
    ByteString key = ByteString.copyFromUtf8("large");
    kv().put(PutRequest.newBuilder().setKey(key).setValue(most).build());
    PutRequest large = PutRequest.newBuilder().setKey(key).setValue(tooMuch).build();
    String text = "etcdserver: request is too large";
    refused(() -> kv().put(large), Status.Code.INVALID_ARGUMENT, text);
    TxnRequest txn =
        TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestPut(large)).build();
    refused(() -> kv().txn(txn), Status.Code.INVALID_ARGUMENT, text);
    ByteString beyond = ByteString.copyFrom(new byte[3 * 1024 * 1024]);
    assertThatThrownBy(() -> kv().put(PutRequest.newBuilder().setKey(key).setValue(beyond).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("RESOURCE_EXHAUSTED");
    assertThat(put("large", "").hasHeader()).isTrue();
  }

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
  void membersAreListedWithoutARevision() {
    for (boolean linearizable : new boolean[] {false, true}) {
      MemberListResponse members =
          ClusterGrpc.newBlockingStub(channel)
              .memberList(MemberListRequest.newBuilder().setLinearizable(linearizable).build());
      assertThat(members.getHeader().getRevision()).isZero();
      assertThat(members.getMembersList()).hasSize(1);
      assertThat(members.getMembers(0).getID()).isEqualTo(OneServer.ID);
      assertThat(members.getMembers(0).getName()).isEqualTo("one");
    }
  }

  @Test
  void alarmsAreRaisedListedAndCleared() {
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
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (alarm(AlarmAction.GET, 0).getAlarmsCount() != alarms) {
      assertThat(System.nanoTime()).isLessThan(end);
    }
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
  void whatIsNotBuiltSaysSo() {
    notBuilt(
        () -> AuthGrpc.newBlockingStub(channel).authEnable(AuthEnableRequest.getDefaultInstance()),
        "balsa: users and roles are not built yet");
    notBuilt(
        () -> ClusterGrpc.newBlockingStub(channel).memberAdd(MemberAddRequest.getDefaultInstance()),
        "balsa: changes of the membership are not built yet");
    notBuilt(
        () ->
            maintenance()
                .downgrade(
                    DowngradeRequest.newBuilder()
                        .setAction(DowngradeRequest.DowngradeAction.ENABLE)
                        .setVersion("3.5.0")
                        .build()),
        "balsa: downgrades are not built yet");
    assertThat(
            AuthGrpc.newBlockingStub(channel)
                .authStatus(AuthStatusRequest.getDefaultInstance())
                .getEnabled())
        .isFalse();
  }

  private static void notBuilt(ThrowingCallable call, String text) {
    refused(call, Status.Code.UNIMPLEMENTED, text);
  }

  @Test
  void aDowngradeIsValidatedAsByEtcd() {
    assertThat(maintenance().downgrade(downgradeTo("3.5")).getVersion()).isEqualTo("3.6.0");
    refused(
        () -> maintenance().downgrade(downgradeTo("3.4.0")),
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
  void aSnapshotEndsWithItsDigest() throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
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

  @Test
  void metadataIsLookedAt() {
    Metadata.Key<String> leader = Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
    Metadata.Key<String> version =
        Metadata.Key.of("client-api-version", Metadata.ASCII_STRING_MARSHALLER);
    Metadata good = new Metadata();
    good.put(leader, "true");
    good.put(version, "3.6.0");
    var stub = kv().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(good));
    assertThat(stub.range(range("none")).getCount()).isZero();
  }

  @Test
  void aClientVersionIsUtf8() {
    assertThat(MetadataGate.isUtf8("3.6.0".getBytes(ISO_8859_1))).isTrue();
    assertThat(MetadataGate.isUtf8("\u00c3\u00a9".getBytes(ISO_8859_1))).isTrue();
    assertThat(MetadataGate.isUtf8("\u00e9".getBytes(ISO_8859_1))).isFalse();
  }

  @Test
  void grpcHealthServes() {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
  }

  @Test
  void reflectionListsTheServices() {
    BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    answers.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answers.add(ServerReflectionResponse.getDefaultInstance());
                  }

                  @Override
                  public void onCompleted() {}
                });
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    var services = take(answers).getListServicesResponse().getServiceList();
    assertThat(services)
        .extracting(ServiceResponse::getName)
        .contains("etcdserverpb.KV", "etcdserverpb.Watch", "v3lockpb.Lock");
    questions.onNext(
        ServerReflectionRequest.newBuilder().setFileContainingSymbol("etcdserverpb.Watch").build());
    assertThat(take(answers).getFileDescriptorResponse().getFileDescriptorProtoCount())
        .isPositive();
    questions.onCompleted();
  }

  private static ServerReflectionResponse take(BlockingQueue<ServerReflectionResponse> answers) {
    try {
      ServerReflectionResponse answer = answers.poll(10, TimeUnit.SECONDS);
      return answer == null ? ServerReflectionResponse.getDefaultInstance() : answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ServerReflectionResponse.getDefaultInstance();
    }
  }

  @Test
  void thePagesOfEtcdAreThere() {
    assertThat(get("/health")).isEqualTo("200 {\"health\":\"true\",\"reason\":\"\"}");
    assertThat(get("/livez?verbose")).isEqualTo("200 [+]serializable_read ok\nok\n");
    assertThat(get("/readyz?verbose"))
        .isEqualTo(
            """
            200 [+]data_corruption ok
            [+]serializable_read ok
            [+]linearizable_read ok
            [+]non_learner ok
            ok
            """);
    assertThat(get("/readyz/linearizable_read")).isEqualTo("200 ok\n");
    assertThat(get("/version"))
        .isEqualTo(
            "200 {\"etcdserver\":\""
                + EtcdVersion.SERVER
                + "\",\"etcdcluster\":\"3.6.0\",\"storage\":\"3.6.0\"}");
    assertThat(get("/nothing")).isEqualTo("404 404 page not found\n");
  }

  @Test
  void metricsHaveEtcdsNames() {
    put("metrics", "1");
    assertThat(get("/metrics"))
        .contains(
            "\netcd_server_has_leader 1.0\n",
            "\netcd_server_leader_changes_seen_total 1.0\n",
            "\netcd_server_proposals_committed_total ",
            "\netcd_server_proposals_applied_total ",
            "\netcd_server_proposals_pending ",
            "\netcd_server_proposals_failed_total ",
            "\netcd_server_quota_backend_bytes ",
            "\netcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} ",
            "\netcd_disk_backend_commit_duration_seconds_bucket{le=\"0.001\"} ",
            "\netcd_mvcc_db_total_size_in_bytes ",
            "\netcd_mvcc_db_total_size_in_use_in_bytes ",
            "\netcd_network_client_grpc_received_bytes_total ",
            "\netcd_network_client_grpc_sent_bytes_total ",
            "\nprocess_cpu_seconds_total ",
            "\nprocess_start_time_seconds ",
            "\nprocess_resident_memory_bytes ",
            "\nprocess_open_fds ",
            "grpc_server_started_total{grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",",
            "grpc_code=\"OK\",grpc_method=\"Put\"",
            "grpc_server_handling_seconds_bucket{grpc_method=\"Put\"")
        .doesNotContain("etcd_disk_wal_fsync_duration_seconds_count 0\n");
  }

  private static String get(String path) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI uri = URI.create("http://127.0.0.1:" + one.port() + path);
      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (IOException e) {
      return "broken " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
