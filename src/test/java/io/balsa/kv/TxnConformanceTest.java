package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.Compare;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What etcd does with transactions, point by point; each was seen on a running etcd 3.4.23 or read
 * in 3.6.
 */
class TxnConformanceTest extends Conformance {
  @Test
  void theValueOfAMissingKeyComparesAsNothing() {
    for (Relation relation : Relation.values()) {
      assertThat(holds(A, Bytes.EMPTY, relation, new Operand.Value(ONE))).isFalse();
      assertThat(holds(A, NO_END, relation, new Operand.Value(ONE))).isFalse();
    }
  }

  @Test
  void theNumbersOfAMissingKeyCompareAsZeros() {
    for (Operand zero :
        List.of(
            new Operand.Version(0),
            new Operand.CreateRevision(0),
            new Operand.ModRevision(0),
            new Operand.Lease(0))) {
      assertThat(holds(A, Bytes.EMPTY, Relation.EQUAL, zero)).isTrue();
      assertThat(holds(A, NO_END, Relation.EQUAL, zero)).isTrue();
      assertThat(holds(A, NO_END, Relation.NOT_EQUAL, zero)).isFalse();
    }
  }

  @Test
  void aRangeComparesTrueWhenEveryKeyDoes() {
    put3();
    assertThat(holds(A, NO_END, Relation.EQUAL, new Operand.Version(1))).isTrue();
    put(B, TWO);
    assertThat(holds(A, NO_END, Relation.EQUAL, new Operand.Version(1))).isFalse();
    assertThat(holds(A, NO_END, Relation.GREATER, new Operand.Version(0))).isTrue();
    assertThat(holds(A, NO_END, Relation.LESS, new Operand.ModRevision(6))).isTrue();
  }

  @Test
  void aRangeAfterAPutSeesItInItsRevision() {
    put(A, ONE);
    Result.Txn txn =
        (Result.Txn)
            apply(
                then(
                    Range.of(A),
                    delete(D, Bytes.EMPTY),
                    put(B),
                    delete(D, Bytes.EMPTY),
                    Range.of(A, NO_END),
                    query(2)));
    assertThat(txn.responses())
        .extracting(Result::revision)
        .containsExactly(2L, 2L, 3L, 3L, 3L, 3L);
    assertThat(((Result.Range) txn.responses().get(4)).kvs())
        .extracting(KeyValue::key)
        .containsExactly(A, B);
    assertThat(((Result.Range) txn.responses().get(5)).count()).isEqualTo(1);
  }

  @Test
  void aNestedComparisonSeesTheStateBefore() {
    Compare missing = new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.Version(0));
    Command.Txn inner = new Command.Txn(List.of(missing), List.of(put(B)), List.of(put(C)));
    Result.Txn txn = (Result.Txn) apply(then(put(A), inner));
    Result.Txn nested = (Result.Txn) txn.responses().get(1);
    assertThat(nested.succeeded()).isTrue();
    assertThat(nested.revision()).isZero();
    assertThat(keys(Range.of(A, NO_END))).containsExactly(A, B);
  }

  @Test
  void aFutureRevisionRefusesTheWholeTransaction() {
    put(A, ONE);
    assertThat(apply(then(put(B), query(3)))).isEqualTo(refused(KvError.FUTURE_REVISION));
    put(B, ONE);
    compact(3);
    assertThat(apply(then(put(C), query(2)))).isEqualTo(refused(KvError.COMPACTED));
    assertThat(apply(then(put(C), then(put(D), query(9)))))
        .isEqualTo(refused(KvError.FUTURE_REVISION));
    assertThat(store.revision()).isEqualTo(3);
    assertThat(keys(Range.of(A, NO_END))).containsExactly(A, B);
  }

  @Test
  void theBranchNotTakenRefusesNothing() {
    Compare wrong = new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.Version(1));
    Command.Txn txn = new Command.Txn(List.of(wrong), List.of(query(9)), List.of(put(B)));
    assertThat(((Result.Txn) apply(txn)).succeeded()).isFalse();
    assertThat(store.revision()).isEqualTo(2);
  }

  @Test
  void aTransactionWithoutOperationsKeepsTheRevision() {
    Compare wrong = new Compare(A, Bytes.EMPTY, Relation.EQUAL, new Operand.Version(1));
    assertThat(apply(new Command.Txn(List.of(wrong), List.of(), List.of())))
        .isEqualTo(new Result.Txn(1, false, List.of()));
  }

  @Test
  void changesOfATransactionKeepTheirOrderInOneRevision() {
    put(B, ONE);
    apply(then(delete(B, Bytes.EMPTY), put(A)));
    assertThat(store.revision()).isEqualTo(3);
    assertThat(changes(3)).containsExactly("delete b", "put a");
  }

  @Test
  void allKeysDeletedAndOnePutIsThere() {
    put3();
    apply(then(delete(A, NO_END), put(B)));
    assertThat(kvs(Range.of(A, NO_END))).containsExactly(new KeyValue(B, ONE, 5, 5, 1, 0));
    assertThat(at(4).count()).isEqualTo(3);
  }

  @Test
  void aKeyPutAndDeletedByNestedTransactionsIsGone() {
    apply(then(then(put(A)), then(delete(A, Bytes.EMPTY))));
    assertThat(store.revision()).isEqualTo(2);
    assertThat(at(2).count()).isZero();
    assertThat(changes(2)).containsExactly("put a", "delete a");
  }
}
