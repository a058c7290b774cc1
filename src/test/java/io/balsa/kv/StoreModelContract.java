package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engines;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.KeyValue;
import io.balsa.model.Range;
import io.balsa.model.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random histories: the store answers as the model does, and a second store, which gets the same
 * entries in other batches, crashes and removes what is compacted, is its equal.
 */
abstract class StoreModelContract {
  abstract Engines engines();

  abstract int seeds();

  @Test
  void randomHistoriesAreAnsweredAsByTheModel() {
    for (int seed = 0; seed < seeds(); seed++) {
      try (History history = new History(engines(), seed)) {
        assertThatCode(history::run).as("seed %d", seed).doesNotThrowAnyException();
      }
    }
  }

  private static final class History implements AutoCloseable {
    private final Random random;
    private final RandomCommands commands;
    private final StoreModel model = new StoreModel();
    private final HashRecord hashes = new HashRecord();
    private final Replica plain;
    private final Replica rough;
    private final List<EntryToApply> log = new ArrayList<>();
    private final List<Result> expected = new ArrayList<>();
    private int given;

    History(Engines engines, int seed) {
      random = new Random(seed);
      commands = new RandomCommands(random);
      plain = new Replica(engines, "plain-" + seed);
      rough = new Replica(engines, "rough-" + seed);
    }

    void run() {
      for (int step = 0; step < 60; step++) {
        write();
        switch (random.nextInt(8)) {
          case 0 -> rough.flush();
          case 1 -> crash();
          case 2, 3 -> rough.store().compactSome(1 + random.nextInt(4));
          default -> give();
        }
        read(plain);
      }
      give();
      compare();
      finishCompaction();
      compare();
    }

    /** One entry, at once to the plain replica. */
    private void write() {
      long index = log.size() + 1L;
      EntryToApply entry = entry(index);
      expected.add(
          entry.envelope() == null
              ? new Result.Done(model.revision())
              : model.apply(entry.envelope().command(), entry.index(), entry.term()));
      log.add(entry);
      assertThat(plain.apply(List.of(entry))).containsExactly(expected.getLast());
      assertThat(plain.store().revision()).isEqualTo(model.revision());
      assertThat(plain.store().compactRevision()).isEqualTo(model.compactRevision());
      assertThat(plain.store().keys()).isEqualTo(model.state(model.revision()).size());
    }

    private EntryToApply entry(long index) {
      long term = 1 + index / 10;
      if (random.nextInt(12) == 0) {
        return EntryToApply.empty(index, term);
      }
      if (random.nextInt(20) == 0) {
        return EntryToApply.configuration(index, term, Bytes.of(1, (int) index));
      }
      Envelope.RequestId id = new Envelope.RequestId(1, 1, index);
      return EntryToApply.of(
          index, term, Envelope.ofServer(id, commands.command(model, index, term)));
    }

    /** All that waits to the rough replica, cut somewhere, sometimes with entries it has. */
    private void give() {
      int again = Math.min(given, random.nextInt(3));
      int middle = given + random.nextInt(log.size() - given + 1);
      Store store = rough.store();
      if (again > 0) {
        long hash = store.hash();
        store.apply(log.subList(given - again, given));
        assertThat(store.hash()).isEqualTo(hash);
      }
      assertThat(rough.apply(log.subList(given, middle)))
          .isEqualTo(expected.subList(given, middle));
      assertThat(rough.apply(log.subList(middle, log.size())))
          .isEqualTo(expected.subList(middle, log.size()));
      given = log.size();
      assertThat(rough.store().hash()).isEqualTo(plain.store().hash());
      read(rough);
    }

    private void crash() {
      assertThat(rough.crash()).isTrue();
      assertThat(rough.store().appliedIndex()).isEqualTo(given);
    }

    private void read(Replica replica) {
      Range range = commands.range(model);
      if (replica.store().appliedIndex() != log.size()) {
        return;
      }
      assertThat(replica.read(range)).isEqualTo(model.read(range));
      long revision = random.nextLong(model.revision() + 2);
      Range past = range.withRevision(revision);
      assertThat(replica.read(past)).isEqualTo(model.read(past));
      Command.Txn txn = commands.txn(model, 1, true);
      assertThat(replica.readTxn(txn)).isEqualTo(model.readTxn(txn));
      try (SlicedReads slices = new SlicedReads(replica.engine(), random)) {
        slices.compare(range, model.read(range));
        slices.compare(past, model.read(past));
        slices.compare(txn, model.readTxn(txn));
      }
    }

    private void compareLeases(Replica replica) {
      StoreReader.LeaseTable table = replica.leaseTable();
      assertThat(table.leases()).isEqualTo(model.leases());
      assertThat(table.clock()).isEqualTo(model.leaseClock());
      try (SlicedReads slices = new SlicedReads(replica.engine(), random)) {
        slices.compareLeases(model.leases());
        for (long lease = 1; lease < 4; lease++) {
          slices.compareAttached(lease, replica.attached(lease));
        }
        slices.compareHash(random.nextLong(model.revision() + 2));
      }
      for (long lease = 1; lease < 4; lease++) {
        long id = lease;
        assertThat(replica.attached(lease))
            .isEqualTo(
                model.state(model.revision()).values().stream()
                    .filter(kv -> kv.lease() == id)
                    .map(KeyValue::key)
                    .toList());
      }
    }

    private void compare() {
      compareLeases(plain);
      compareLeases(rough);
      assertThat(rough.store().appliedHash()).isEqualTo(plain.store().appliedHash());
      assertThat(rough.store().members()).isEqualTo(plain.store().members());
      assertThat(rough.store().alarms()).isEqualTo(plain.store().alarms());
      assertThat(rough.store().configuration()).isEqualTo(plain.store().configuration());
      assertThat(rough.store().liveBytes()).isEqualTo(plain.store().liveBytes());
      for (long revision = 0; revision <= model.revision() + 1; revision++) {
        hashes.add(rough.hashKv(revision));
        hashes.add(plain.hashKv(revision));
      }
    }

    private void finishCompaction() {
      while (rough.store().compactSome(3)) {
        assertThat(rough.store().isCompacting()).isTrue();
      }
      assertThat(rough.store().isCompacting()).isFalse();
      assertThat(rough.crash()).isTrue();
      while (rough.store().compactSome(1000)) {
        assertThat(rough.store().isCompacting()).isTrue();
      }
      assertThat(Leftovers.of(rough.engine(), model.compactRevision())).isEmpty();
    }

    @Override
    public void close() {
      plain.close();
      rough.close();
    }
  }
}
