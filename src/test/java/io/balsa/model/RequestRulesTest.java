package io.balsa.model;

import static io.balsa.model.RequestError.DUPLICATE_KEY;
import static io.balsa.model.RequestError.KEY_NOT_PROVIDED;
import static io.balsa.model.RequestError.LEASE_PROVIDED;
import static io.balsa.model.RequestError.TOO_MANY_OPERATIONS;
import static io.balsa.model.RequestError.VALUE_PROVIDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checks before the log, as a running etcd 3.4.23 makes them. */
class RequestRulesTest {
  private static final Bytes A = Bytes.utf8("a");
  private static final Bytes B = Bytes.utf8("b");
  private static final Bytes C = Bytes.utf8("c");

  @Test
  void anEmptyKeyIsRefusedEverywhere() {
    Bytes none = Bytes.EMPTY;
    assertThat(RequestRules.check(Range.of(none))).isEqualTo(KEY_NOT_PROVIDED);
    assertThat(RequestRules.check(put(none))).isEqualTo(KEY_NOT_PROVIDED);
    assertThat(RequestRules.check(delete(none, none))).isEqualTo(KEY_NOT_PROVIDED);
    assertThat(check(then(Range.of(none)))).isEqualTo(KEY_NOT_PROVIDED);
    assertThat(check(then(then(delete(none, A))))).isEqualTo(KEY_NOT_PROVIDED);
    Compare compare = new Compare(none, none, Relation.EQUAL, new Operand.Version(0));
    assertThat(check(new Command.Txn(List.of(compare), List.of(), List.of())))
        .isEqualTo(KEY_NOT_PROVIDED);
  }

  @Test
  void whatIsIgnoredIsNotGiven() {
    assertThat(RequestRules.check(new Command.Put(A, B, 0, false, true, false)))
        .isEqualTo(VALUE_PROVIDED);
    assertThat(RequestRules.check(new Command.Put(A, B, 1, false, false, true)))
        .isEqualTo(LEASE_PROVIDED);
    assertThat(RequestRules.check(new Command.Put(A, Bytes.EMPTY, 0, false, true, true))).isNull();
  }

  @Test
  void aTransactionHasSoManyOperations() {
    assertThat(check(thenReads(128))).isNull();
    assertThat(check(thenReads(129))).isEqualTo(TOO_MANY_OPERATIONS);
    assertThat(check(new Command.Txn(List.of(), List.of(), thenReads(129).success())))
        .isEqualTo(TOO_MANY_OPERATIONS);
  }

  @Test
  void aNestedTransactionHasWhatIsLeft() {
    assertThat(check(then(thenReads(127)))).isNull();
    assertThat(check(then(thenReads(128)))).isEqualTo(TOO_MANY_OPERATIONS);
  }

  @Test
  void aKeyIsPutOnce() {
    assertThat(check(then(put(A), put(B)))).isNull();
    assertThat(check(then(put(A), put(A)))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(put(A), then(put(A))))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(then(put(A)), then(put(A))))).isEqualTo(DUPLICATE_KEY);
    Command.Txn gone = then(delete(A, Bytes.EMPTY));
    assertThat(check(then(then(put(A)), gone))).isNull();
    assertThat(check(then(then(put(A)), gone, then(put(A))))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(then(put(A)), gone, put(A)))).isEqualTo(DUPLICATE_KEY);
  }

  @Test
  void theBranchNotTakenIsCheckedToo() {
    List<Op> twice = List.of(put(A), put(A));
    assertThat(check(new Command.Txn(List.of(), List.of(), twice))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(new Command.Txn(List.of(), List.of(put(A)), List.of(put(A))))).isNull();
  }

  @Test
  void bothBranchesOfANestedTransactionMayPutAKey() {
    Command.Txn either = new Command.Txn(List.of(), List.of(put(A)), List.of(put(A)));
    assertThat(check(then(either))).isNull();
    assertThat(check(then(either, put(A)))).isEqualTo(DUPLICATE_KEY);
  }

  @Test
  void aKeyPutIsNotDeletedInAnyOrder() {
    assertThat(check(then(put(B), delete(A, C)))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(delete(A, C), put(B)))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(delete(B, Bytes.EMPTY), put(B)))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(delete(A, C), then(put(B))))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(put(B), then(delete(A, C))))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(then(delete(A, C)), then(put(B))))).isEqualTo(DUPLICATE_KEY);
    assertThat(check(then(delete(A, C), put(C)))).isNull();
    assertThat(check(then(delete(A, C), delete(A, C), Range.of(B)))).isNull();
  }

  @Test
  void whatEtcdLetsPassPassesHere() {
    Bytes noEnd = Bytes.of(0);
    assertThat(check(then(delete(A, noEnd), put(B)))).isNull();
    assertThat(check(then(delete(A, noEnd), put(A)))).isNull();
    assertThat(check(then(then(put(B)), then(delete(A, C))))).isNull();
  }

  @Test
  void onlyReadsLooksIntoEveryBranch() {
    assertThat(RequestRules.onlyReads(then(Range.of(A), then(Range.of(A))))).isTrue();
    assertThat(RequestRules.onlyReads(new Command.Txn(List.of(), List.of(), List.of(put(A)))))
        .isFalse();
    assertThat(RequestRules.onlyReads(then(then(delete(A, B))))).isFalse();
  }

  private static @Nullable RequestError check(Command.Txn txn) {
    return RequestRules.check(txn, RequestRules.MAX_TXN_OPS);
  }

  private static Command.Put put(Bytes key) {
    return new Command.Put(key, Bytes.EMPTY, 0, false, false, false);
  }

  private static Command.DeleteRange delete(Bytes key, Bytes rangeEnd) {
    return new Command.DeleteRange(key, rangeEnd, false);
  }

  private static Command.Txn then(Op... ops) {
    return new Command.Txn(List.of(), List.of(ops), List.of());
  }

  private static Command.Txn thenReads(int count) {
    return new Command.Txn(List.of(), Collections.nCopies(count, (Op) Range.of(A)), List.of());
  }
}
