package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.Engines;
import io.balsa.model.Caller;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.HashKv;
import io.balsa.model.Member;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.Span;
import io.balsa.model.StoreLimits;
import io.balsa.rows.ViewKeyspace;
import io.balsa.watch.HistoryScan;
import io.balsa.watch.PastChanges;
import io.balsa.watch.PastEvents;
import io.balsa.watch.WatchLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A store with what a server has around it: a log to apply again after a crash. */
public final class Replica implements AutoCloseable {
  static final List<Member> MEMBERS =
      List.of(
          new Member(1, "", List.of("http://one"), List.of(), false, 0),
          new Member(2, "", List.of("http://two"), List.of(), false, 0));

  private final Engines engines;
  private final String directory;
  private final StoreLimits limits;
  private final List<EntryToApply> log = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();
  private Engine engine;
  private Store store;

  public Replica(Engines engines, String directory) {
    this(engines, directory, StoreLimits.DEFAULT);
  }

  public Replica(Engines engines, String directory, StoreLimits limits) {
    this.engines = engines;
    this.directory = directory;
    this.limits = limits;
    this.engine = engines.open(directory);
    this.store = Store.open(engine, MEMBERS, limits);
  }

  public Store store() {
    return store;
  }

  public Engine engine() {
    return engine;
  }

  List<Result> apply(List<EntryToApply> entries) {
    List<Result> answers = store.apply(entries);
    log.addAll(entries);
    results.addAll(answers);
    return answers;
  }

  /** As {@link #apply(List)}, and tells what changed. */
  List<Result> apply(List<EntryToApply> entries, Consumer<List<Changes>> changed) {
    List<Result> answers = store.apply(entries, changed);
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

  StoreReader.LeaseTable leaseTable() {
    try (Engine.View view = engine.view()) {
      return StoreReader.whole(StoreReader.of(view).leaseTable());
    }
  }

  List<Bytes> attached(long lease) {
    try (Engine.View view = engine.view()) {
      return StoreReader.whole(StoreReader.of(view).attached(Caller.SERVER, lease, Long.MAX_VALUE))
          .keys();
    }
  }

  HashKv hashKv(long revision) {
    try (Engine.View view = engine.view()) {
      return store.hashKv(revision, view);
    }
  }

  /** All that is known of the past from a revision on. */
  PastChanges history(long from) {
    try (Engine.View view = engine.view()) {
      PastEvents past = new PastEvents(StoreReader.of(view).keys(), true);
      ViewKeyspace keys = past.keys();
      long unswept = keys.tombstones().firstUnswept(from, Span.ALL);
      long upTo = unswept == 0 ? keys.revision() + 1 : unswept;
      return HistoryScan.read(past, from, upTo, _ -> true, WatchLimits.DEFAULT);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
