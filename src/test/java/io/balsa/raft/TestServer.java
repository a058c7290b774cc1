package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A server around one {@link Raft}: a disk that loses unforced writes, and a state machine. */
final class TestServer {
  /** A state of the state machine, and its place in the log. */
  record Machine(Snapshot position, long sum) {}

  final long id;
  private final RaftConfig config;
  private final TestCluster cluster;
  @Nullable Raft raft;

  // The disk.
  long term;
  long votedFor;
  Snapshot start;
  final TreeMap<Long, Entry> durable = new TreeMap<>();
  Machine flushed;
  private final TreeMap<Long, Bytes> parts = new TreeMap<>();
  private @Nullable Snapshot partsOf;

  // Memory.
  final TreeMap<Long, Entry> log = new TreeMap<>();
  final ArrayDeque<Effect> writes = new ArrayDeque<>();
  private final List<Effect.Send> held = new ArrayList<>();
  final ArrayDeque<Input> answers = new ArrayDeque<>();
  final ArrayDeque<Entry> commits = new ArrayDeque<>();
  Machine machine;

  TestServer(RaftConfig config, Configuration configuration, TestCluster cluster) {
    id = config.self();
    this.config = config;
    this.cluster = cluster;
    start = new Snapshot(0, 0, configuration);
    flushed = new Machine(start, 0);
    machine = flushed;
    restart();
  }

  void crash() {
    raft = null;
    writes.clear();
    held.clear();
    answers.clear();
    commits.clear();
    machine = flushed;
  }

  void restart() {
    lastForced = 0;
    log.clear();
    if (flushed.position().index() > start.index()
        && !durable.containsKey(flushed.position().index())) {
      durable.clear();
      start = flushed.position();
    }
    log.putAll(durable);
    raft = new Raft(config, recovered());
  }

  private Recovered recovered() {
    List<LogPosition> terms = new ArrayList<>();
    List<Entry> configurations = new ArrayList<>();
    long lastTerm = start.term();
    for (Entry entry : durable.values()) {
      if (entry.term() != lastTerm) {
        terms.add(entry.position());
        lastTerm = entry.term();
      }
      if (entry.kind() == Entry.Kind.CONFIGURATION) {
        configurations.add(entry);
      }
    }
    LogPosition last =
        durable.isEmpty() ? start.position() : durable.lastEntry().getValue().position();
    List<Entry> recent = new ArrayList<>(durable.tailMap(last.index() - 3, true).values());
    return new Recovered(
        term, votedFor, start, terms, configurations, recent, last, flushed.position().index());
  }

  void step(Input input) {
    Raft running = raft;
    if (running != null) {
      List<Effect> effects = running.step(input);
      running.verify();
      effects.forEach(effect -> cluster.record(this, effect));
      effects.forEach(this::carryOut);
      cluster.stepped(this);
    }
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Persist e -> {
        if (!e.append().isEmpty()) {
          log.tailMap(e.append().getFirst().index(), true).clear();
          e.append().forEach(entry -> log.put(entry.index(), entry));
          cluster.appended(this, e.append());
        }
        writes.add(e);
      }
      case Effect.Reset e -> {
        log.clear();
        writes.add(e);
      }
      case Effect.Send e -> {
        if (e.after() <= lastForced) {
          cluster.send(this, e.to(), e.message());
        } else {
          held.add(e);
        }
      }
      case Effect.Commit e -> {
        e.entries().forEach(entry -> cluster.committed(this, entry));
        commits.addAll(e.entries());
      }
      case Effect.Load e -> answers.add(new Input.Loaded(e.from(), load(e)));
      case Effect.LoadChunk e -> answers.add(loadChunk(e));
      case Effect.SaveChunk e -> answers.add(saveChunk(e));
      case Effect.Install e -> install(e.snapshot());
      case Effect.ReadReady e -> cluster.readReady(this, e.id(), e.index());
      case Effect.ReadFailed e -> cluster.readFailed(e.id());
      case Effect.Refused e -> cluster.refused(e.batch());
      case Effect.Disbelieved e ->
          throw new AssertionError("server " + id + " does not believe " + e);
      case Effect.Proposed _,
          Effect.RoleChanged _,
          Effect.TransferFailed _,
          Effect.EntryLost _ -> {}
    }
  }

  // The disk.

  private long lastForced;

  /** Forces the first waiting writes. */
  void force(int count) {
    long number = 0;
    for (int i = 0; i < count && !writes.isEmpty(); i++) {
      number = write(writes.remove());
    }
    if (number != 0) {
      lastForced = number;
      for (Effect.Send send : List.copyOf(held)) {
        if (send.after() <= number) {
          held.remove(send);
          cluster.send(this, send.to(), send.message());
        }
      }
      step(new Input.Persisted(number));
    }
  }

  private long write(Effect effect) {
    if (effect instanceof Effect.Persist e) {
      term = e.term();
      votedFor = e.votedFor();
      if (!e.append().isEmpty()) {
        durable.tailMap(e.append().getFirst().index(), true).clear();
        e.append().forEach(entry -> durable.put(entry.index(), entry));
      }
      return e.number();
    }
    Effect.Reset e = (Effect.Reset) effect;
    durable.clear();
    start = e.snapshot();
    return e.number();
  }

  private List<Entry> load(Effect.Load load) {
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    for (long index = load.from(); index <= load.to() && durable.containsKey(index); index++) {
      bytes += durable.get(index).bytes();
      if (bytes > load.bytesMax() && !entries.isEmpty()) {
        break;
      }
      entries.add(durable.get(index));
    }
    return entries;
  }

  // The state machine.

  void apply(int count) {
    for (int i = 0; i < count && !commits.isEmpty(); i++) {
      apply(commits.remove());
    }
    step(new Input.Applied(machine.position().index()));
  }

  private void apply(Entry entry) {
    TestCluster.check(entry.index() == machine.position().index() + 1, "applied in order, once");
    Configuration configuration =
        entry.kind() == Entry.Kind.CONFIGURATION
            ? Configuration.decode(entry.payload())
            : machine.position().configuration();
    machine =
        new Machine(
            new Snapshot(entry.index(), entry.term(), configuration),
            31 * machine.sum() + entry.payload().hashCode());
  }

  void flush() {
    if (durable.containsKey(machine.position().index())) {
      flushed = machine;
    }
  }

  /** Drops the log that the flushed state includes. */
  void compact() {
    long index = flushed.position().index();
    if (index > start.index() && durable.containsKey(index) && writes.isEmpty()) {
      durable.headMap(index, true).clear();
      log.headMap(index, true).clear();
      start = flushed.position();
      step(new Input.Compacted(index));
    }
  }

  private Input loadChunk(Effect.LoadChunk load) {
    flush();
    Machine of = flushed;
    long offset = of.position().index() == load.snapshotIndex() ? load.offset() : 0;
    ByteBuffer whole = ByteBuffer.allocate(40).putLong(of.sum()).putLong(of.position().index());
    Bytes bytes = Bytes.wrap(whole.array());
    int from = (int) Math.min(offset, bytes.size());
    int to = Math.min(bytes.size(), from + config.chunkBytes());
    return new Input.ChunkLoaded(
        load.to(), of.position(), from, bytes.slice(from, to), to == bytes.size());
  }

  private Input saveChunk(Effect.SaveChunk save) {
    if (!save.snapshot().equals(partsOf)) {
      partsOf = save.snapshot();
      parts.clear();
    }
    if (save.offset() == saved()) {
      parts.put(save.offset(), save.data());
    }
    return new Input.ChunkSaved(save.snapshot(), saved());
  }

  private long saved() {
    return parts.values().stream().mapToLong(Bytes::size).sum();
  }

  private void install(Snapshot snapshot) {
    Bytes whole = parts.values().stream().reduce(Bytes.EMPTY, Bytes::concat);
    ByteBuffer in = whole.buffer();
    machine = new Machine(snapshot, in.getLong());
    TestCluster.check(in.getLong() == snapshot.index(), "a snapshot's parts are of one snapshot");
    flushed = machine;
    commits.clear();
    answers.add(new Input.Installed(snapshot));
  }

  /** Whether the disk has an entry, or a state that includes it. */
  boolean holds(Entry entry) {
    return entry.index() <= start.index()
        || entry.index() <= flushed.position().index()
        || entry.equals(durable.get(entry.index()));
  }
}
