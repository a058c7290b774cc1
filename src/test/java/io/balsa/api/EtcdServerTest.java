package io.balsa.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.DowngradeRequest;
import io.balsa.proto.etcdserverpb.MemberAddRequest;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A cluster of one server, as etcd's clients see it. */
class EtcdServerTest extends AtOneServer {
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

  /** A watch would keep a long name in memory, and no service has one. */
  @Test
  void theHealthOfAServiceWithALongNameIsNotTold() {
    var health = HealthGrpc.newBlockingStub(channel);
    var allowed = HealthCheckRequest.newBuilder().setService("x".repeat(1024)).build();
    refused(
        () -> health.check(allowed), Status.Code.NOT_FOUND, "unknown service " + "x".repeat(1024));
    var tooLong = HealthCheckRequest.newBuilder().setService("x".repeat(1025)).build();
    String text = "the name of a service has at most 1024 bytes";
    refused(() -> health.check(tooLong), Status.Code.INVALID_ARGUMENT, text);
    refused(() -> health.watch(tooLong).hasNext(), Status.Code.INVALID_ARGUMENT, text);
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
  void whatIsNotBuiltSaysSo() {
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
  }

  private static void notBuilt(ThrowingCallable call, String text) {
    refused(call, Status.Code.UNIMPLEMENTED, text);
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
}
