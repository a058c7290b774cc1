package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Range.SortOrder;
import io.balsa.model.Range.SortTarget;
import io.balsa.model.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What etcd does with keys and ranges, point by point; each was seen on a running etcd 3.4.23 or
 * read in 3.6.
 */
class KvConformanceTest extends Conformance {
  @Test
  void anEmptyStoreIsAtRevision1() {
    assertThat(read(Range.of(A, NO_END)).revision()).isEqualTo(1);
    assertThat(store.compactRevision()).isEqualTo(-1);
  }

  @Test
  void theFirstPutMakesRevision2() {
    assertThat(put(A, ONE).revision()).isEqualTo(2);
    assertThat(kvs(Range.of(A))).containsExactly(new KeyValue(A, ONE, 2, 2, 1, 0));
  }

  @Test
  void anEqualValuePutAgainIsANewVersion() {
    put(A, ONE);
    put(A, ONE);
    assertThat(kvs(Range.of(A))).containsExactly(new KeyValue(A, ONE, 2, 3, 2, 0));
  }

  @Test
  void deletingNothingKeepsTheRevision() {
    assertThat(apply(delete(A, Bytes.EMPTY))).isEqualTo(new Result.DeleteRange(1, 0, List.of()));
  }

  @Test
  void aKeyPutAfterItsDeletionBeginsAnew() {
    put(A, ONE);
    apply(delete(A, Bytes.EMPTY));
    put(A, TWO);
    assertThat(kvs(Range.of(A))).containsExactly(new KeyValue(A, TWO, 4, 4, 1, 0));
  }

  @Test
  void keysAreSortedUnsigned() {
    put(Bytes.of(0xff), ONE);
    put(Bytes.of(0x7f), ONE);
    put(Bytes.of(0x80), ONE);
    assertThat(keys(Range.of(Bytes.of(1), NO_END)))
        .containsExactly(Bytes.of(0x7f), Bytes.of(0x80), Bytes.of(0xff));
  }

  @Test
  void aZeroByteAsEndMeansNoEndAndAsKeyAllKeys() {
    put(A, ONE);
    put(B, ONE);
    put(Bytes.of(0), ONE);
    assertThat(keys(Range.of(B, NO_END))).containsExactly(B);
    assertThat(keys(Range.of(NO_END, NO_END))).containsExactly(Bytes.of(0), A, B);
    assertThat(keys(Range.of(B, A))).isEmpty();
  }

  @Test
  void thePrefixOfAllOnesHasNoEnd() {
    put(Bytes.of(0xff, 0xff), ONE);
    put(Bytes.of(0xff, 0xff, 1), ONE);
    assertThat(keys(Range.of(Bytes.of(0xff, 0xff), NO_END))).hasSize(2);
  }

  @Test
  void aLimitCutsAndTheCountDoesNot() {
    put3();
    Result.Range cut = range(ALL.withLimit(2));
    assertThat(cut.kvs()).extracting(KeyValue::key).containsExactly(A, B);
    assertThat(cut.more()).isTrue();
    assertThat(cut.count()).isEqualTo(3);
    assertThat(range(ALL.withLimit(3)).more()).isFalse();
  }

  @Test
  void aLimitCutsAfterSorting() {
    put3();
    put(A, TWO);
    Result.Range cut = range(ALL.withLimit(2).sorted(SortOrder.DESCEND, SortTarget.MOD));
    assertThat(cut.kvs()).extracting(KeyValue::key).containsExactly(A, C);
    assertThat(cut.more()).isTrue();
  }

  @Test
  void withoutAnOrderATargetSortsOneKeyMoreThanTheLimit() {
    put(A, Bytes.utf8("3"));
    put(B, Bytes.utf8("2"));
    put(C, Bytes.utf8("1"));
    put(D, Bytes.utf8("0"));
    Result.Range cut = range(ALL.withLimit(2).sorted(SortOrder.NONE, SortTarget.VALUE));
    assertThat(cut.kvs()).extracting(KeyValue::key).containsExactly(C, B);
  }

  @Test
  void filtersComeBeforeTheLimitAndNotBeforeTheCount() {
    put3();
    Result.Range cut = range(ALL.withLimit(1).withMinModRevision(3));
    assertThat(cut.kvs()).extracting(KeyValue::key).containsExactly(B);
    assertThat(cut.more()).isTrue();
    assertThat(cut.count()).isEqualTo(3);
  }

  @Test
  void aCountAloneIgnoresTheLimit() {
    put3();
    assertThat(range(ALL.withLimit(1).withCountOnly()))
        .isEqualTo(new Result.Range(4, List.of(), false, 3));
  }

  @Test
  void keysOnlyHaveNoValues() {
    put(A, ONE);
    assertThat(range(ALL.withKeysOnly()).kvs())
        .containsExactly(new KeyValue(A, Bytes.EMPTY, 2, 2, 1, 0));
  }

  @Test
  void theCompactedRevisionIsReadableAndTheOneBelowIsNot() {
    put(A, ONE);
    put(A, TWO);
    put(A, ONE);
    compact(3);
    assertThat(at(3).kvs()).extracting(KeyValue::value).containsExactly(TWO);
    assertThat(at(3).revision()).isEqualTo(4);
    assertThat(read(query(2))).isEqualTo(refused(KvError.COMPACTED));
    assertThat(read(query(5))).isEqualTo(refused(KvError.FUTURE_REVISION));
    assertThat(at(-1).kvs()).extracting(KeyValue::modRevision).containsExactly(4L);
  }

  @Test
  void inATransactionANegativeRevisionIsCompactedOnceAnythingIs() {
    put(A, ONE);
    assertThat(apply(then(query(-1), put(B)))).isInstanceOf(Result.Txn.class);
    assertThat(apply(then(query(-2), put(B)))).isEqualTo(refused(KvError.COMPACTED));
    compact(2);
    assertThat(apply(then(query(-1), put(B)))).isEqualTo(refused(KvError.COMPACTED));
  }

  @Test
  void ignoringTheValueNeedsAKey() {
    Command.Put ignoring = new Command.Put(A, Bytes.EMPTY, 0, false, true, false);
    assertThat(apply(ignoring)).isEqualTo(refused(KvError.KEY_NOT_FOUND));
    put(A, ONE);
    apply(ignoring);
    assertThat(kvs(Range.of(A))).containsExactly(new KeyValue(A, ONE, 2, 3, 2, 0));
  }

  @Test
  void aLeaseThatDoesNotExistRefusesThePut() {
    Command.Put leased = new Command.Put(A, ONE, 7, false, false, false);
    assertThat(apply(leased)).isEqualTo(refused(KvError.LEASE_NOT_FOUND));
    assertThat(apply(then(leased))).isEqualTo(refused(KvError.LEASE_NOT_FOUND));
    // neither lease nor key: the lease is named first, as in etcd 3.7
    Command.Put both = new Command.Put(C, Bytes.EMPTY, 7, false, true, false);
    assertThat(apply(then(both))).isEqualTo(refused(KvError.LEASE_NOT_FOUND));
    assertThat(store.revision()).isEqualTo(1);
  }

  @Test
  void aPutGivesBackWhatWasThereWhenAsked() {
    Command.Put asking = new Command.Put(A, TWO, 0, true, false, false);
    assertThat(apply(asking)).isEqualTo(new Result.Put(2, null));
    assertThat(apply(asking)).isEqualTo(new Result.Put(3, new KeyValue(A, TWO, 2, 2, 1, 0)));
  }

  @Test
  void aDeletionOfManyKeysIsOneRevision() {
    put3();
    Result.DeleteRange deleted = (Result.DeleteRange) apply(new Command.DeleteRange(A, C, true));
    assertThat(deleted.revision()).isEqualTo(5);
    assertThat(deleted.deleted()).isEqualTo(2);
    assertThat(deleted.previous()).extracting(KeyValue::key).containsExactly(A, B);
    assertThat(changes(5)).containsExactly("delete a", "delete b");
  }
}
