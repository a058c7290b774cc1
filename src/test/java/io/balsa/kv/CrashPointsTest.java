package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.HashKv;
import io.balsa.model.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A crash may leave any batch as the last one: from each, the log leads to the same state. */
class CrashPointsTest {
  @Test
  void kb48WhicheverBatchWasTheLastTheLogLeadsOn() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      assertThatCode(() -> run(random, StoreLimits.DEFAULT))
          .as("seed %d", seed)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void soItDoesInTheMiddleOfASweep() {
    int swept = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      swept += run(random, LargeDeletions.limits(random));
    }
    assertThat(swept).isGreaterThan(60);
  }

  /** Returns how many sweeps there were. */
  private static int run(Random random, StoreLimits limits) {
    MemoryMedium medium = new MemoryMedium();
    CopyingEngine engine = new CopyingEngine(new MemoryEngines(medium).open("store"));
    Store store = Store.open(engine, Replica.MEMBERS, limits);
    List<EntryToApply> log = log(random, limits);
    int given = 0;
    while (given < log.size()) {
      int end = Math.min(log.size(), given + 1 + random.nextInt(6));
      store.apply(log.subList(given, end));
      store.compactSome(1 + random.nextInt(5));
      given = end;
    }
    HashKv hash = hashKv(engine);
    for (int copy = 0; copy < engine.copies; copy++) {
      Engine left = new MemoryEngines(medium).open("copy-" + copy);
      recover(left, Store.open(left, Replica.MEMBERS, limits), log, store, hash);
    }
    return (int) log.stream().filter(CrashPointsTest::sweeps).count();
  }

  private static boolean sweeps(EntryToApply entry) {
    return Objects.requireNonNull(entry.envelope()).command() instanceof Command.Sweep;
  }

  /** Random commands, and sweeps as a leader proposes them, until all is swept. */
  private static List<EntryToApply> log(Random random, StoreLimits limits) {
    Store leader =
        Store.open(new MemoryEngines(new MemoryMedium()).open("a"), Replica.MEMBERS, limits);
    StoreModel model = new StoreModel();
    RandomCommands commands = new RandomCommands(random);
    List<EntryToApply> log = new ArrayList<>();
    for (long index = 1; index <= 40 || leader.tombstones().oldest() != 0; index++) {
      long oldest = leader.tombstones().oldest();
      boolean sweeps = oldest != 0 && (index > 40 || random.nextBoolean());
      Command command =
          sweeps ? new Command.Sweep(oldest) : command(commands, model, index, limits);
      model.apply(command, index, 1);
      Envelope.RequestId id = new Envelope.RequestId(1, 1, index);
      log.add(EntryToApply.of(index, 1, Envelope.ofServer(id, command)));
      leader.apply(List.of(log.getLast()));
    }
    return log;
  }

  private static Command command(
      RandomCommands commands, StoreModel model, long index, StoreLimits limits) {
    return limits.equals(StoreLimits.DEFAULT)
        ? commands.command(model, index, 1)
        : commands.withDeletions(model, index, 1);
  }

  private static void recover(
      Engine engine, Store store, List<EntryToApply> log, Store whole, HashKv hash) {
    assertThat(store.revision()).isGreaterThanOrEqualTo(store.compactRevision());
    store.apply(log.subList((int) store.appliedIndex(), log.size()));
    assertThat(store.appliedHash()).isEqualTo(whole.appliedHash());
    assertThat(hashKv(engine)).isEqualTo(hash);
    while (store.compactSome(2)) {
      assertThat(store.isCompacting()).isTrue();
    }
    assertThat(hashKv(engine)).isEqualTo(hash);
    assertThat(Leftovers.of(engine, store.compactRevision())).isEmpty();
  }

  private static HashKv hashKv(Engine engine) {
    try (Engine.View view = engine.view()) {
      return StoreReader.whole(StoreReader.of(view).hashKv(0));
    }
  }

  /** Keeps the state after every batch, as a crash right then could leave it. */
  private static final class CopyingEngine implements Engine {
    private final Engine engine;
    private int copies;

    CopyingEngine(Engine engine) {
      this.engine = engine;
    }

    @Override
    public void write(Batch batch) {
      engine.write(batch);
      engine.checkpoint("copy-" + copies++);
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
      return engine.get(key);
    }

    @Override
    public int peek(Bytes key, byte[] head) {
      return engine.peek(key, head);
    }

    @Override
    public View view() {
      return engine.view();
    }

    @Override
    public void flush() {
      engine.flush();
    }

    @Override
    public void checkpoint(String directory) {
      engine.checkpoint(directory);
    }

    @Override
    public long sizeBytes() {
      return engine.sizeBytes();
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
