package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.errors.EtcdError;
import io.balsa.model.Command;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;
import io.balsa.model.Range;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.grpc.StatusRuntimeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FromProtoTest {
  private static final ByteString KEY = ByteString.copyFromUtf8("k");

  private static void refused(ThrowingCallable call, EtcdError error) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus()).isSameAs(error.status()));
  }

  @Test
  void aRangeKeepsEveryOption() {
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(KEY)
            .setRangeEnd(ByteString.copyFromUtf8("z"))
            .setLimit(1)
            .setRevision(2)
            .setSortOrder(RangeRequest.SortOrder.DESCEND)
            .setSortTarget(RangeRequest.SortTarget.MOD)
            .setKeysOnly(true)
            .setMinModRevision(3)
            .setMaxModRevision(4)
            .setMinCreateRevision(5)
            .setMaxCreateRevision(6)
            .build();
    assertThat(FromProto.range(request))
        .isEqualTo(
            new Range(
                Bytes.utf8("k"),
                Bytes.utf8("z"),
                1,
                2,
                Range.SortOrder.DESCEND,
                Range.SortTarget.MOD,
                true,
                false,
                3,
                4,
                5,
                6));
  }

  @Test
  void theFirstFaultIsTheOneNamed() {
    RequestOp empty = RequestOp.getDefaultInstance();
    RequestOp noKey =
        RequestOp.newBuilder().setRequestRange(RangeRequest.getDefaultInstance()).build();
    RequestOp badSort =
        RequestOp.newBuilder()
            .setRequestRange(RangeRequest.newBuilder().setKey(KEY).setSortTargetValue(9))
            .build();
    refused(() -> FromProto.txn(txn(empty, noKey, badSort), 128), EtcdError.KEY_NOT_FOUND);
    refused(() -> FromProto.txn(txn(noKey, badSort, empty), 128), EtcdError.EMPTY_KEY);
    refused(() -> FromProto.txn(txn(badSort, empty, noKey), 128), EtcdError.INVALID_SORT_OPTION);
    refused(() -> FromProto.txn(txn(badSort, empty, noKey), 2), EtcdError.TOO_MANY_OPS);
    TxnRequest compare = txn(empty).toBuilder().addCompare(Compare.getDefaultInstance()).build();
    refused(() -> FromProto.txn(compare, 128), EtcdError.EMPTY_KEY);
  }

  private static TxnRequest txn(RequestOp... ops) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (RequestOp op : ops) {
      txn.addSuccess(op);
    }
    return txn.build();
  }

  @Test
  void aPutThatContradictsItselfIsRefused() {
    PutRequest.Builder put = PutRequest.newBuilder().setKey(KEY);
    refused(() -> FromProto.put(PutRequest.getDefaultInstance()), EtcdError.EMPTY_KEY);
    refused(
        () -> FromProto.put(put.clone().setIgnoreValue(true).setValue(KEY).build()),
        EtcdError.VALUE_PROVIDED);
    refused(
        () -> FromProto.put(put.clone().setIgnoreLease(true).setLease(1).build()),
        EtcdError.LEASE_PROVIDED);
  }

  @Test
  void anOperandThatDoesNotFitItsTargetIsZero() {
    Compare compare =
        Compare.newBuilder().setKey(KEY).setTarget(Compare.CompareTarget.MOD).setValue(KEY).build();
    assertThat(compared(compare).operand()).isEqualTo(new Operand.ModRevision(0));
  }

  @Test
  void relationsAndTargetsThatEtcdDoesNotKnowAreConstants() {
    Compare.Builder compare = Compare.newBuilder().setKey(KEY);
    var always = compared(compare.clone().setResultValue(9).build());
    assertThat(always.relation()).isEqualTo(Relation.GREATER);
    assertThat(always.operand()).isEqualTo(new Operand.Version(-1));
    var never =
        compared(
            compare.clone().setTargetValue(9).setResult(Compare.CompareResult.NOT_EQUAL).build());
    assertThat(never.relation()).isEqualTo(Relation.LESS);
    assertThat(never.operand()).isEqualTo(new Operand.Version(0));
  }

  private static io.balsa.model.Compare compared(Compare compare) {
    Command.Txn txn = FromProto.txn(TxnRequest.newBuilder().addCompare(compare).build(), 128);
    return txn.compares().getFirst();
  }
}
