package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A crash may leave any batch as the last one: from each, the log leads to the same state. */
class CrashPointsTest {
  @Test
  void kb48WhicheverBatchWasTheLastTheLogLeadsOn() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      assertThatCode(() -> run(random)).as("seed %d", seed).doesNotThrowAnyException();
    }
  }

  private static void run(Random random) {
    MemoryMedium medium = new MemoryMedium();
    CopyingEngine engine = new CopyingEngine(new MemoryEngines(medium).open("store"));
    Store store = Store.open(engine, Replica.MEMBERS);
    List<Applied> log = log(random);
    int given = 0;
    while (given < log.size()) {
      int end = Math.min(log.size(), given + 1 + random.nextInt(6));
      store.apply(log.subList(given, end));
      store.compactSome(1 + random.nextInt(5));
      given = end;
    }
    HashKv hash = hashKv(engine);
    for (int copy = 0; copy < engine.copies; copy++) {
      recover(new MemoryEngines(medium).open("copy-" + copy), log, store, hash);
    }
  }

  private static List<Applied> log(Random random) {
    Model model = new Model();
    RandomCommands commands = new RandomCommands(random);
    List<Applied> log = new ArrayList<>();
    for (long index = 1; index <= 40; index++) {
      Command command = commands.command(model, index, 1);
      model.apply(command, index, 1);
      Envelope.RequestId id = new Envelope.RequestId(1, 1, index);
      log.add(Applied.of(index, 1, Envelope.of(id, command)));
    }
    return log;
  }

  private static void recover(Engine engine, List<Applied> log, Store whole, HashKv hash) {
    Store store = Store.open(engine, Replica.MEMBERS);
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
      return Reader.whole(Reader.of(view).hashKv(0));
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
