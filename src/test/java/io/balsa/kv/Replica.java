package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.Engines;
import java.util.ArrayList;
import java.util.List;

/** A store with what a server has around it: a log to apply again after a crash. */
final class Replica implements AutoCloseable {
  static final List<Member> MEMBERS =
      List.of(
          new Member(1, "", List.of("http://one"), List.of(), false, 0),
          new Member(2, "", List.of("http://two"), List.of(), false, 0));

  private final Engines engines;
  private final String directory;
  private final StoreLimits limits;
  private final List<Applied> log = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();
  private Engine engine;
  private Store store;

  Replica(Engines engines, String directory) {
    this(engines, directory, StoreLimits.DEFAULT);
  }

  Replica(Engines engines, String directory, StoreLimits limits) {
    this.engines = engines;
    this.directory = directory;
    this.limits = limits;
    this.engine = engines.open(directory);
    this.store = Store.open(engine, MEMBERS, limits);
  }

  Store store() {
    return store;
  }

  Engine engine() {
    return engine;
  }

  List<Result> apply(List<Applied> entries) {
    List<Result> answers = store.apply(entries);
    log.addAll(entries);
    results.addAll(answers);
    return answers;
  }

  void flush() {
    engine.flush();
  }

  /** Loses what was not flushed and applies the log again; the answers must be the same. */
  boolean crash() {
    engine.close();
    engine = engines.open(directory);
    store = Store.open(engine, MEMBERS, limits);
    int applied = (int) store.appliedIndex();
    List<Result> again = store.apply(log.subList(applied, log.size()));
    return again.equals(results.subList(applied, results.size()));
  }

  Result read(Range range) {
    try (Engine.View view = engine.view()) {
      return store.read(range, view);
    }
  }

  Result readTxn(Command.Txn txn) {
    try (Engine.View view = engine.view()) {
      return store.readTxn(txn, view);
    }
  }

  Reader.LeaseTable leaseTable() {
    try (Engine.View view = engine.view()) {
      return Reader.whole(Reader.of(view).leaseTable());
    }
  }

  List<Bytes> attached(long lease) {
    try (Engine.View view = engine.view()) {
      return Reader.whole(Reader.of(view).attached(lease, Long.MAX_VALUE));
    }
  }

  HashKv hashKv(long revision) {
    try (Engine.View view = engine.view()) {
      return store.hashKv(revision, view);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
