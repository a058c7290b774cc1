package io.balsa.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.routing.RequestKind;
import io.grpc.MethodDescriptor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestParserTest {
  private static final ByteString KEY = ByteString.copyFromUtf8("key");
  private static final RangeRequest ONE = RangeRequest.newBuilder().setKey(KEY).build();
  private static final RequestOp READ = RequestOp.newBuilder().setRequestRange(ONE).build();
  private static final RequestOp WRITE =
      RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(KEY)).build();

  private static RequestKind kind(MethodDescriptor<?, ?> method, MessageLite message) {
    return RequestParser.of(method, Bytes.wrap(message.toByteArray()));
  }

  private static RequestKind txn(TxnRequest.Builder txn) {
    return kind(KVGrpc.getTxnMethod(), txn.build());
  }

  @Test
  void aRangeWithoutAnEndReadsOneKey() {
    RangeRequest revised = ONE.toBuilder().setRevision(7).setSerializable(true).build();

    assertThat(kind(KVGrpc.getRangeMethod(), revised))
        .isEqualTo(new RequestKind.KeyRead(Bytes.utf8("key")));
  }

  @Test
  void aRangeWithAnEndReadsMany() {
    RangeRequest range = ONE.toBuilder().setRangeEnd(ByteString.copyFrom(new byte[1])).build();

    assertThat(kind(KVGrpc.getRangeMethod(), range)).isEqualTo(new RequestKind.RangeRead());
  }

  @Test
  void aTransactionThatOnlyReadsIsARead() {
    TxnRequest.Builder txn =
        TxnRequest.newBuilder()
            .addCompare(Compare.newBuilder().setKey(KEY))
            .addSuccess(READ)
            .addFailure(READ);

    assertThat(txn(txn)).isEqualTo(new RequestKind.RangeRead());
    assertThat(txn(TxnRequest.newBuilder())).isEqualTo(new RequestKind.RangeRead());
  }

  @Test
  void aTransactionThatMayWriteInEitherBranchGoesToTheLeader() {
    RequestOp delete =
        RequestOp.newBuilder()
            .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(KEY))
            .build();
    RequestOp nested = RequestOp.newBuilder().setRequestTxn(TxnRequest.newBuilder()).build();

    for (RequestOp op : new RequestOp[] {WRITE, delete, nested}) {
      assertThat(txn(TxnRequest.newBuilder().addSuccess(READ).addSuccess(op)))
          .isEqualTo(new RequestKind.LeaderOnly());
      assertThat(txn(TxnRequest.newBuilder().addFailure(op).addFailure(READ)))
          .isEqualTo(new RequestKind.LeaderOnly());
    }
  }

  @Test
  void everythingElseGoesToTheLeaderAndQuestionsBeginThere() {
    assertThat(kind(KVGrpc.getPutMethod(), PutRequest.newBuilder().setKey(KEY).build()))
        .isEqualTo(new RequestKind.LeaderOnly());
    assertThat(RequestParser.of(LeaseGrpc.getLeaseGrantMethod(), Bytes.EMPTY))
        .isEqualTo(new RequestKind.LeaderOnly());
    assertThat(RequestParser.of(MaintenanceGrpc.getMoveLeaderMethod(), Bytes.EMPTY))
        .isEqualTo(new RequestKind.LeaderOnly());
    assertThat(RequestParser.of(MaintenanceGrpc.getStatusMethod(), Bytes.EMPTY))
        .isEqualTo(new RequestKind.LeaderPreferred());
  }

  @Test
  void whatOnlyReadsAtTheLeaderIsKnown() {
    assertThat(RequestParser.isRead(LeaseGrpc.getLeaseTimeToLiveMethod())).isTrue();
    assertThat(RequestParser.isRead(LeaseGrpc.getLeaseLeasesMethod())).isTrue();
    assertThat(RequestParser.isRead(ElectionGrpc.getLeaderMethod())).isTrue();
    assertThat(RequestParser.isRead(LeaseGrpc.getLeaseGrantMethod())).isFalse();
    assertThat(RequestParser.isRead(ElectionGrpc.getCampaignMethod())).isFalse();
    assertThat(RequestParser.isRead(KVGrpc.getPutMethod())).isFalse();
  }

  @Test
  void bytesThatAreNoMessageDoNoHarm() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] garbage = new byte[random.nextInt(40)];
      random.nextBytes(garbage);
      Bytes message = Bytes.wrap(garbage);

      assertThat(RequestParser.of(KVGrpc.getRangeMethod(), message)).isNotNull();
      assertThat(RequestParser.of(KVGrpc.getTxnMethod(), message)).isNotNull();
      assertThat(AnswerHeader.of(message)).isNotNull();
    }
  }

  @Test
  void theHeaderOfAnAnswerIsReadWithoutTheRest() {
    PutResponse answer =
        PutResponse.newBuilder()
            .setHeader(
                ResponseHeader.newBuilder()
                    .setClusterId(-1)
                    .setMemberId(-2)
                    .setRevision(9)
                    .setRaftTerm(4)
                    .setLeaderId(3))
            .build();

    assertThat(AnswerHeader.of(Bytes.wrap(answer.toByteArray())))
        .isEqualTo(new AnswerHeader(-2, 4, 3));
    assertThat(AnswerHeader.of(Bytes.EMPTY)).isEqualTo(new AnswerHeader(0, 0, 0));
  }
}
