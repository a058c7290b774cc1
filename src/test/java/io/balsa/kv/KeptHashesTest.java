package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.model.HashKv;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.rows.Layout;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** HashKV at the revision of a compaction answers as before it, as etcd 3.7.3 does. */
class KeptHashesTest extends Conformance {
  /** A tombstone is hashed, and the compaction at its revision forgets it. */
  @Test
  void aCompactionAtADeletionChangesNoHashThere() {
    put(A, ONE);
    apply(delete(A, Bytes.EMPTY));
    HashKv before = hashKv(3);
    compact(3);
    compactWholly();
    assertThat(hashKv(3)).isEqualTo(before);
    assertThat(before.hash()).isNotZero();
    assertThat(before.compactRevision()).isEqualTo(-1);
    assertThat(hashKv(0).compactRevision()).isEqualTo(3);
  }

  @Test
  void aCompactionInThePastChangesNoHashThere() {
    put3();
    put(A, TWO);
    apply(delete(B, Bytes.EMPTY));
    HashKv before = hashKv(4);
    put(A, ONE);
    compact(4);
    compactWholly();
    assertThat(hashKv(4).hash()).isEqualTo(before.hash());
    assertThat(hashKv(4).outcome()).isEqualTo(new Result.Done(7));
  }

  @Test
  void compactionsThatWaitForEachOtherHaveAHashEach() {
    put3();
    put(A, TWO);
    put(A, ONE);
    HashKv first = hashKv(4);
    compact(4);
    HashKv second = hashKv(5);
    compact(5);
    compactWholly();
    assertThat(hashKv(4).hash()).isEqualTo(first.hash());
    assertThat(hashKv(4).compactRevision()).isEqualTo(-1);
    assertThat(hashKv(5).hash()).isEqualTo(second.hash());
    assertThat(hashKv(5).compactRevision()).isEqualTo(4);
  }

  @Test
  void upToANegativeRevisionThereIsNothing() {
    put3();
    apply(delete(A, Bytes.EMPTY));
    assertThat(hashKv(-7)).isEqualTo(new HashKv(new Result.Done(5), 0, -7, -1));
  }

  @Test
  void theLastTenAreKeptOverARestart() {
    HashRecord hashes = new HashRecord();
    for (int i = 0; i < 12; i++) {
      put(A, ONE);
      hashes.add(hashKv(store.revision()));
      compact(store.revision());
      compactWholly();
    }
    store = Store.open(engine, List.of());
    assertThat(hashKv(3).outcome()).isEqualTo(refused(KvError.COMPACTED));
    for (long revision = 4; revision < 14; revision++) {
      assertThat(hashKv(revision).compactRevision()).isEqualTo(revision - 1);
      hashes.add(hashKv(revision));
    }
  }

  /** A store of an earlier version has no sums; they are read once when it is opened. */
  @Test
  void aStoreOfAnEarlierVersionKeepsThemFromItsNextCompactionOn() {
    put3();
    put(A, TWO);
    apply(delete(B, Bytes.EMPTY));
    compact(5);
    store.compactSome(1);
    reopenAsOlder();
    compactWholly();
    assertThat(hashKv(5).compactRevision()).isEqualTo(5);
    reopenAsOlder();
    put(A, ONE);
    HashKv before = hashKv(7);
    compact(7);
    compactWholly();
    assertThat(hashKv(7)).isEqualTo(before);
    assertThat(before.compactRevision()).isEqualTo(5);
  }

  /** An earlier version on the same store compacts and leaves the row of the hashes as it is. */
  @Test
  void sumsThatAnEarlierVersionPassedAreReadAnew() {
    put3();
    compact(3);
    compactWholly();
    Bytes old = Objects.requireNonNull(engine.get(Layout.meta("hashes")));
    put(A, TWO);
    put(A, ONE);
    compact(6);
    compactWholly();
    Batch batch = new Batch();
    batch.put(Layout.meta("hashes"), old);
    engine.write(batch);
    store = Store.open(engine, List.of());
    put(A, TWO);
    HashKv before = hashKv(7);
    compact(7);
    compactWholly();
    assertThat(hashKv(7)).isEqualTo(before);
  }

  @Test
  void whatIsReadAnewIsStored() {
    put3();
    compact(3);
    compactWholly();
    reopenAsOlder();
    assertThat(engine.get(Layout.meta("hashes"))).isNotNull();
  }

  private void reopenAsOlder() {
    Batch batch = new Batch();
    batch.delete(Layout.meta("hashes"));
    engine.write(batch);
    store = Store.open(engine, List.of());
  }
}
