package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.Engines;
import io.balsa.engine.RocksEngines;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Range;
import io.balsa.model.Result;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Times the store on RocksDB: {@code StoreBench DIRECTORY [KEYS]}, values of 256 random bytes. */
final class StoreBench {
  private static final int BATCH = 64;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Engines engines;
  private final int keys;
  private final Random random = new Random(1);
  private Engine engine;
  private Store store;

  private StoreBench(Path directory, int keys) {
    this.engines = new RocksEngines(directory);
    this.keys = keys;
    this.engine = engines.open("bench");
    this.store = Store.open(engine, List.of());
  }

  public static void main(String[] args) throws IOException {
    int keys = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
    new StoreBench(Path.of(args[0]), keys).run();
  }

  private void run() throws IOException {
    time("put, new", keys, () -> putAll(keys));
    time("put, over", keys, () -> putAll(keys));
    time("put, one at a time", 100_000, () -> putEach(100_000));
    time("get", 300_000, () -> getAll(300_000));
    time("get, view each", 300_000, () -> getEach(300_000));
    time("count", keys, this::count);
    time("hashKv", keys, this::hash);
    time("flush", 1, engine::flush);
    time("checkpoint", 1, () -> engine.checkpoint("copy-" + System.nanoTime()));
    store.apply(List.of(entry(new Command.Compact(store.revision(), false))));
    long changes = store.revision();
    time("compact", (int) changes, this::compact);
    time("get", 300_000, () -> getAll(300_000));
    engine.flush();
    engine.close();
    time("reopen", 1, this::reopen);
    System.out.printf("%d MB on disk, %s%n", engine.sizeBytes() >> 20, resident());
    engine.close();
  }

  private static void time(String what, int count, Runnable work) {
    long start = System.nanoTime();
    long cpuStart = THREADS.getCurrentThreadCpuTime();
    work.run();
    double cpu = (THREADS.getCurrentThreadCpuTime() - cpuStart) / 1e3;
    double micros = (System.nanoTime() - start) / 1e3;
    System.out.printf(
        "%-20s %9.2f us each, %9.2f us of the thread's CPU, %8.0f ms%n",
        what, micros / count, cpu / count, micros / 1e3);
  }

  private void putAll(int count) {
    for (int done = 0; done < count; done += BATCH) {
      List<EntryToApply> entries = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        entries.add(entry(store.appliedIndex() + 1 + i, put()));
      }
      store.apply(entries);
    }
  }

  private void putEach(int count) {
    for (int i = 0; i < count; i++) {
      store.apply(List.of(entry(put())));
    }
  }

  private Command put() {
    byte[] value = new byte[256];
    random.nextBytes(value);
    return new Command.Put(key(), Bytes.wrap(value), 0, false, false, false);
  }

  private Bytes key() {
    return Bytes.utf8("/registry/keys/%09d".formatted(random.nextInt(keys)));
  }

  private EntryToApply entry(Command command) {
    return entry(store.appliedIndex() + 1, command);
  }

  private static EntryToApply entry(long index, Command command) {
    return EntryToApply.of(
        index, 1, Envelope.ofServer(new Envelope.RequestId(1, 1, index), command));
  }

  private void getAll(int count) {
    try (Engine.View view = engine.view()) {
      StoreReader reader = StoreReader.of(view);
      for (int i = 0; i < count; i++) {
        reader.range(Range.of(key()));
      }
    }
  }

  private void getEach(int count) {
    for (int i = 0; i < count; i++) {
      try (Engine.View view = engine.view()) {
        store.read(Range.of(key()), view);
      }
    }
  }

  private void count() {
    try (Engine.View view = engine.view()) {
      Range limited = Range.of(Bytes.of(0), Bytes.of(0)).withLimit(10);
      Result.Range read = (Result.Range) store.read(limited, view);
      System.out.println(read.count() + " keys");
    }
  }

  private void hash() {
    try (Engine.View view = engine.view()) {
      System.out.println(store.hashKv(0, view));
    }
  }

  private void compact() {
    while (store.isCompacting()) {
      store.compactSome(1000);
    }
  }

  private void reopen() {
    engine = engines.open("bench");
    store = Store.open(engine, List.of());
  }

  private static String resident() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.filter(line -> line.startsWith("VmRSS")).findFirst().orElse("");
    }
  }
}
