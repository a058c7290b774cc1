package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.Engines;
import io.balsa.model.Caller;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import io.balsa.rows.Tombstones;
import io.balsa.watch.PastChanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A random history on three replicas: one gets every entry at once, a rough one gets them in other
 * batches and crashes, and an eager one deletes everything at once.
 */
final class LargeDeletions implements AutoCloseable {
  private static final Range ALL = Range.of(Bytes.of(0), Bytes.of(0));

  private final Random random;
  private final RandomCommands commands;
  private final StoreModel model = new StoreModel();
  private final HashRecord hashes = new HashRecord();
  private final Replica plain;
  private final Replica rough;
  private final Replica eager;
  private final StoreLimits limits;
  private final List<EntryToApply> log = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();

  /** What the model says of each large deletion, by its revision. */
  private final Map<Long, Result> deletions = new HashMap<>();

  /** The first answer to each named write. */
  private final Map<WriteId, Result> named = new HashMap<>();

  private final Map<WriteId, Command> names = new HashMap<>();
  private int given;
  private int refused;

  LargeDeletions(Engines engines, int seed) {
    random = new Random(seed);
    commands = new RandomCommands(random);
    limits = limits(random);
    plain = new Replica(engines, "plain", limits);
    rough = new Replica(engines, "rough", limits);
    eager = new Replica(engines, "eager");
  }

  static StoreLimits limits(Random random) {
    return new StoreLimits(
        1 + random.nextInt(2),
        random.nextInt(3) == 0 ? 100 : 1 << 20,
        1 + random.nextInt(3),
        random.nextInt(3) == 0 ? 1 : 1 << 20,
        1 + random.nextInt(5),
        1 << 20,
        random.nextInt(3) == 0 ? 150 : 1 << 20,
        1 << 20,
        random.nextInt(3) == 0 ? 10 : 1 << 20,
        3);
  }

  /** How many deletions were large. */
  int large() {
    return deletions.size();
  }

  /** How many commands were refused because of a limit. */
  int refused() {
    return refused;
  }

  void run() {
    for (int step = 0; step < 80; step++) {
      write();
      switch (random.nextInt(9)) {
        case 0 -> rough.flush();
        case 1 -> assertThat(rough.crash()).isTrue();
        case 2, 3 -> rough.store().compactSome(1 + random.nextInt(4));
        case 4 -> eager.store().compactSome(1 + random.nextInt(4));
        default -> give();
      }
      read(plain);
      comparePast(plain);
    }
    give();
    compare();
    finish();
    compare();
    assertThat(rough.store().usedBytes()).isEqualTo(eager.store().usedBytes());
    assertThat(rough.store().keys()).isEqualTo(eager.store().keys());
    assertThat(rough.store().liveBytes()).isEqualTo(eager.store().liveBytes());
    compact();
  }

  private void write() {
    long index = log.size() + 1L;
    long term = 1 + index / 10;
    WriteId write = WriteId.NONE;
    Command command = command(index, term);
    if (Commands.isRemembered(command) && random.nextInt(3) == 0) {
      write = new WriteId(1 + random.nextInt(2), 1 + random.nextInt(20));
      names.putIfAbsent(write, command);
      command = names.get(write);
    }
    apply(
        new Envelope(new Envelope.RequestId(1, 1, index), write, Caller.nobody(1), command),
        index,
        term);
  }

  private Command command(long index, long term) {
    long oldest = plain.store().tombstones().oldest();
    if (oldest != 0 && random.nextInt(3) == 0) {
      return new Command.Sweep(oldest);
    }
    return random.nextInt(20) == 0
        ? new Command.Sweep(random.nextLong(model.revision() + 1))
        : commands.withDeletions(model, index, term);
  }

  private void apply(Envelope envelope, long index, long term) {
    EntryToApply entry = EntryToApply.of(index, term, envelope);
    log.add(entry);
    List<Changes> told = new ArrayList<>();
    Result result = plain.apply(List.of(entry), told::addAll).getFirst();
    results.add(result);
    Result known = named.get(envelope.write());
    if (known != null) {
      assertThat(result).isEqualTo(known);
      eager.apply(List.of(EntryToApply.empty(index, term)));
    } else if (isLimit(result)) {
      refused++;
      eager.apply(List.of(EntryToApply.empty(index, term)));
    } else {
      applyToModel(entry, result, told);
    }
    if (!envelope.write().isNone() && known == null) {
      named.put(envelope.write(), result);
    }
    assertThat(plain.store().revision()).isEqualTo(model.revision());
    assertThat(plain.store().compactRevision()).isEqualTo(model.compactRevision());
  }

  private static boolean isLimit(Result result) {
    return result instanceof Result.Refused(long _, KvError error)
        && (error == KvError.TOO_MANY_DELETIONS
            || error == KvError.ANSWER_TOO_LARGE
            || error == KvError.TXN_TOO_LARGE);
  }

  private void applyToModel(EntryToApply entry, Result result, List<Changes> told) {
    Envelope envelope = entry.envelope();
    assertThat(envelope).isNotNull();
    Command command = Objects.requireNonNull(envelope).command();
    long before = model.revision();
    Result expected = model.apply(command, entry.index(), entry.term());
    Envelope unnamed = Envelope.ofServer(envelope.request(), command);
    Result atOnce =
        eager.apply(List.of(EntryToApply.of(entry.index(), entry.term(), unnamed))).getFirst();
    assertThat(atOnce).isEqualTo(expected);
    switch (result) {
      case Result.UnderWay(long revision) -> {
        assertThat(revision).isEqualTo(model.revision()).isGreaterThan(before);
        assertThat(told).isEmpty();
        deletions.put(revision, expected);
      }
      case Result.Swept swept -> swept(swept);
      default -> {
        assertThat(result).isEqualTo(expected);
        compareTold(told, before);
      }
    }
  }

  /** What is told at once is what the store says later, or nothing, when it is too much. */
  private void compareTold(List<Changes> told, long before) {
    if (told.isEmpty()) {
      assertThat(model.revision() == before || limits.changesBytes() == 10).isTrue();
    } else {
      List<Changes> whole = eager.history(model.revision()).changes();
      boolean forgotten = model.revision() - 1 < model.compactRevision();
      assertThat(forgotten ? whole : told).isEqualTo(whole);
    }
  }

  private void swept(Result.Swept swept) {
    assertThat(swept.revision()).isEqualTo(model.revision());
    assertThat(plain.store().tombstones().oldest() == swept.tombstone()).isNotEqualTo(swept.over());
    Result deletion = deletions.get(swept.tombstone());
    if (swept.over() && deletion instanceof Result.DeleteRange(long _, long deleted, var _)) {
      assertThat(swept.deleted()).isEqualTo(deleted);
      named.replaceAll(
          (_, result) -> result.equals(new Result.UnderWay(swept.tombstone())) ? deletion : result);
    }
  }

  /** All that waits to the rough replica, cut somewhere. */
  private void give() {
    int middle = given + random.nextInt(log.size() - given + 1);
    assertThat(rough.apply(log.subList(given, middle))).isEqualTo(results.subList(given, middle));
    assertThat(rough.apply(log.subList(middle, log.size())))
        .isEqualTo(results.subList(middle, log.size()));
    given = log.size();
    assertThat(rough.store().appliedHash()).isEqualTo(plain.store().appliedHash());
    assertThat(rough.store().usedBytes()).isEqualTo(plain.store().usedBytes());
    assertThat(rough.store().keys()).isEqualTo(plain.store().keys());
    read(rough);
    comparePast(rough);
  }

  private void read(Replica replica) {
    Range range = commands.range(model);
    assertThat(replica.read(range)).isEqualTo(model.read(range));
    Range past = range.withRevision(random.nextLong(model.revision() + 2));
    assertThat(replica.read(past)).isEqualTo(model.read(past));
    Range whole = ALL.withRevision(random.nextLong(model.revision() + 2));
    assertThat(replica.read(whole)).isEqualTo(model.read(whole));
    Command.Txn txn = commands.txn(model, 1, true);
    assertThat(replica.readTxn(txn)).isEqualTo(model.readTxn(txn));
    try (SlicedReads slices = new SlicedReads(replica.engine(), random)) {
      slices.compare(range, model.read(range));
      slices.compare(past, model.read(past));
      slices.compare(txn, model.readTxn(txn));
      slices.compareHash(random.nextLong(model.revision() + 2));
    }
  }

  /** What watchers are told from the store: everything, but only up to what is not swept. */
  private void comparePast(Replica replica) {
    long now = model.revision();
    long from = Math.max(1, model.compactRevision() + random.nextInt(3));
    PastChanges history = replica.history(from);
    List<Long> unswept = unswept(from, now);
    long next = unswept.isEmpty() ? Math.max(from, now + 1) : unswept.getFirst();
    assertThat(history.next()).isEqualTo(next);
    List<Changes> whole =
        eager.history(from).changes().stream().filter(each -> each.revision() < next).toList();
    assertThat(history.changes()).isEqualTo(whole);
    boolean passed =
        deletions.keySet().stream()
            .anyMatch(each -> each <= model.compactRevision() && isUnswept(each));
    assertThat(replica.store().usedBytes()).isGreaterThanOrEqualTo(eager.store().usedBytes());
    if (!passed) {
      assertThat(replica.store().usedBytes()).isEqualTo(eager.store().usedBytes());
    }
  }

  private List<Long> unswept(long from, long now) {
    return LongStream.rangeClosed(from, now).boxed().filter(this::isUnswept).toList();
  }

  private boolean isUnswept(long revision) {
    return plain.store().deletion(revision) instanceof Result.UnderWay;
  }

  private void compare() {
    for (long revision = 0; revision <= model.revision() + 1; revision++) {
      hashes.add(plain.hashKv(revision));
      hashes.add(rough.hashKv(revision));
      hashes.add(eager.hashKv(revision));
      Range whole = ALL.withRevision(revision);
      assertThat(rough.read(whole)).isEqualTo(model.read(whole));
    }
    for (long lease = 1; lease < 4; lease++) {
      assertThat(plain.attached(lease)).isEqualTo(eager.attached(lease));
      assertThat(rough.attached(lease)).isEqualTo(eager.attached(lease));
    }
    assertThat(rough.leaseTable()).isEqualTo(plain.leaseTable());
    assertThat(rough.leaseTable().leases()).isEqualTo(model.leases());
  }

  /** Sweeps all that is left. */
  private void finish() {
    while (plain.store().tombstones().oldest() != 0) {
      long index = log.size() + 1L;
      Command sweep = new Command.Sweep(plain.store().tombstones().oldest());
      apply(Envelope.ofServer(new Envelope.RequestId(1, 1, index), sweep), index, 1 + index / 10);
    }
    give();
    assertThat(numberOfTombstones(rough.engine())).isZero();
  }

  private static long numberOfTombstones(Engine engine) {
    try (Engine.View view = engine.view()) {
      return Tombstones.read(view).size();
    }
  }

  private void compact() {
    for (Replica replica : List.of(plain, rough, eager)) {
      while (replica.store().compactSome(3)) {
        assertThat(replica.store().isCompacting()).isTrue();
      }
      assertThat(replica.store().isCompacting()).isFalse();
      assertThat(Leftovers.of(replica.engine(), model.compactRevision())).isEmpty();
    }
    compare();
  }

  @Override
  public void close() {
    plain.close();
    rough.close();
    eager.close();
  }
}
