package io.balsa.node.apply;

import io.balsa.bytes.Bytes;
import io.balsa.engine.DiskMedium;
import io.balsa.engine.MemoryEngines;
import io.balsa.host.MapDisk;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Member;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.node.storage.StateOpener;
import io.balsa.node.writes.Proposals;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Input;
import io.balsa.wal.Identity;
import io.balsa.wire.EnvelopeCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The apply lane of one server on a disk in memory. The test commits entries and steps lanes. */
public final class HandApply implements ApplyLane.Listener {
  public static final Identity SELF = new Identity(77, 1, 5, 2);

  /** A deletion of more than two keys goes by a tombstone; the rest is as in a cluster. */
  private static final StoreLimits LIMITS =
      new StoreLimits(2, 1 << 20, 2, 1 << 20, 4, 100, 1 << 20, 1 << 20, 1 << 20, 10);

  public final MapDisk disk = new MapDisk();
  public final HandHost host = new HandHost(disk);
  public final List<Input> posted = new ArrayList<>();
  public final Proposals proposals =
      new Proposals(1, 1 << 20, 1 << 16, NodeMetrics.NONE, host.clock(), Runnable::run);
  public final ApplyLane apply;

  /** What the lane said, a word for each call. */
  public final List<String> heard = new ArrayList<>();

  public final List<Changes> changes = new ArrayList<>();
  public boolean wantsChanges;

  /** Told what concerns leases, like the lease desk. */
  public Applied leases = (_, _) -> {};

  /** Called after each batch, like the read desk. */
  public Runnable afterApplied = () -> {};

  private long index;
  private long term = 1;
  private long sequence;

  /** What was applied. */
  @FunctionalInterface
  public interface Applied {
    void applied(List<EntryToApply> entries, List<Result> results);
  }

  public HandApply() {
    this(List.of());
  }

  public HandApply(List<Member> members) {
    try {
      var engines = new MemoryEngines(new DiskMedium(disk));
      var opener = new StateOpener(host, engines, members, LIMITS);
      apply =
          new ApplyLane(
              host, SELF, opener, opener.open(), proposals, NodeMetrics.NONE, posted::add, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next entries belong to this term. */
  public void term(long next) {
    term = next;
  }

  public static Command.Put put(String key) {
    return new Command.Put(Bytes.utf8(key), Bytes.utf8("v"), 0, false, false, false);
  }

  /** A client of this server waits for an answer: its number. */
  long propose(AnswerRoom room, Consumer<Outcome> done) {
    sequence++;
    proposals.add(sequence, Bytes.of(1), Long.MAX_VALUE, room, done);
    return sequence;
  }

  /** An entry with a request's id, the next one in the log. */
  Entry entry(Envelope.RequestId id, Command command) {
    return entry(Entry.Kind.COMMAND, EnvelopeCodec.encode(Envelope.ofServer(id, command)));
  }

  Entry entry(Entry.Kind kind, Bytes payload) {
    index++;
    return new Entry(index, term, kind, payload);
  }

  /** Applies an entry of another server. */
  public void commit(Command command) {
    commit(entry(new Envelope.RequestId(9, 1, index), command));
  }

  void commit(Entry... entries) {
    apply.apply(new Effect.Commit(List.of(entries)));
    host.laneOf("apply").drain();
  }

  /** Applies what a client of this server waits for. */
  void commitOwn(long number, Command command) {
    commit(entry(new Envelope.RequestId(SELF.member(), SELF.boot(), number), command));
  }

  /** Proposes a command for a client of this server and applies it at once. */
  public void write(Command command, Consumer<Outcome> done) {
    commitOwn(propose(AnswerRoom.UNBOUNDED, done), command);
  }

  @Override
  public void applied(AppliedFacts facts) {
    heard.add("applied " + facts.applied());
    afterApplied.run();
  }

  @Override
  public boolean wantsChanges() {
    return wantsChanges;
  }

  @Override
  public void changed(List<Changes> some, AppliedFacts facts) {
    changes.addAll(some);
  }

  @Override
  public void count(Range range, AnswerRoom room, Consumer<Result.Range> counted) {
    heard.add("count");
  }

  @Override
  public void hashed(long at, long hash) {
    heard.add("hashed " + at);
  }

  @Override
  public void proposalsWait() {
    heard.add("proposals wait");
  }

  @Override
  public void leasesChanged(List<EntryToApply> entries, List<Result> results) {
    leases.applied(entries, results);
  }

  @Override
  public void membersChanged() {
    heard.add("members changed");
  }
}
