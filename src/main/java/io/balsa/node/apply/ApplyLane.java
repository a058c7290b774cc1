package io.balsa.node.apply;

import io.balsa.auth.AuthState;
import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.kv.Store;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Inbox;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Result;
import io.balsa.node.storage.OpenStore;
import io.balsa.node.storage.StateOpener;
import io.balsa.node.writes.Proposal;
import io.balsa.node.writes.Proposals;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Input;
import io.balsa.raft.Snapshot;
import io.balsa.wal.Identity;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.WireFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies committed entries, all that wait in as few writes as possible, and answers the clients of
 * this server. The only lane that writes the store.
 */
public final class ApplyLane {
  /** Replicas compare their hashes at every index that this divides; a power of two. */
  static final long HASH_EVERY = 1 << 10;

  /** Changes of history that are removed between two batches, so that applying waits little. */
  private static final int COMPACT_REVISIONS = 200;

  /** The pause between two pieces, so that writes go first: at most 20,000 changes a second. */
  private static final long COMPACT_PAUSE_NANOS = 10_000_000;

  /** The pause while a client waits for the end, or while another compaction waits. */
  private static final long COMPACT_HURRY_NANOS = 1_000_000;

  /** What the apply lane tells the rest of the server. Called on the apply lane. */
  public interface Listener extends AwaitingSweeps.Counting {
    /** The facts have changed. */
    void applied(AppliedFacts facts);

    /** The space of all compacted history is given back. */
    default void swept() {}

    /** Whether there are watchers; asked after {@link #applied}. */
    boolean wantsChanges();

    /** The changes up to the facts' revision; none when there were no watchers before. */
    void changed(List<Changes> changes, AppliedFacts facts);

    /** The rolling hash at an index at which replicas compare. */
    void hashed(long index, long hash);

    /** Proposals of an earlier term wait to be proposed again. */
    void proposalsWait();

    /** Entries were applied; called before the facts are published. */
    void leasesChanged(List<EntryToApply> entries, List<Result> results);

    /** The list of members, or what it says of a member, changed. */
    void membersChanged();
  }

  /** A client that waits until a compaction has given the space back. */
  private record AwaitingCompaction(long revision, Proposal proposal, Outcome outcome) {}

  private final Host host;
  private final Identity identity;
  private final StateOpener opener;
  private final Proposals proposals;
  private final NodeMetrics metrics;
  private final Consumer<Input> post;
  private final Listener listener;
  private final Lane lane;
  private final Inbox<Effect.Commit> commits;
  private final List<AwaitingCompaction> awaitingCompaction = new ArrayList<>();
  private final AwaitingSweeps awaitingSweeps;
  private long lastTerm;
  private boolean compacting;
  private volatile OpenStore state;
  private volatile AppliedFacts facts;

  public ApplyLane(
      Host host,
      Identity identity,
      StateOpener opener,
      OpenStore state,
      Proposals proposals,
      NodeMetrics metrics,
      Consumer<Input> post,
      Listener listener) {
    this.host = host;
    this.identity = identity;
    this.opener = opener;
    this.proposals = proposals;
    this.metrics = metrics;
    this.post = post;
    this.listener = listener;
    this.lane = host.lane("apply");
    this.awaitingSweeps =
        new AwaitingSweeps(proposals, lane, listener, () -> state().store().tombstones());
    this.commits = new Inbox<>(lane, this::apply);
    this.state = state;
    this.facts = AppliedFacts.of(state.store());
    this.lastTerm = state.store().appliedTerm();
  }

  public OpenStore state() {
    return state;
  }

  /** The users and roles in force. */
  public AuthState auth() {
    return state.store().auth();
  }

  public AppliedFacts facts() {
    return facts;
  }

  /** Whether a large deletion is under way. */
  public boolean isDeleting() {
    return facts.tombstones().oldest() != 0;
  }

  /** Runs a task on this lane; from any thread. */
  public void run(Runnable task) {
    lane.run(task);
  }

  /** Applies entries; {@link Input.Applied} follows. From the raft lane. */
  public void apply(Effect.Commit commit) {
    commits.put(commit);
  }

  private void apply(List<Effect.Commit> batch) {
    List<Entry> run = new ArrayList<>();
    for (Effect.Commit commit : batch) {
      for (Entry entry : commit.entries()) {
        if (entry.index() > facts.applied()) {
          run.add(entry);
        }
        if (entry.index() % HASH_EVERY == 0) {
          applyUpToHash(run);
          run.clear();
        }
      }
    }
    applyUpToHash(run);
    startCompacting();
  }

  /** Applies entries, of which at most the last one is at an index at which replicas compare. */
  private void applyUpToHash(List<Entry> run) {
    if (run.isEmpty()) {
      return;
    }
    Check.that(run.getFirst().index() == facts.applied() + 1, "entries are applied in order");
    List<EntryToApply> entries = new ArrayList<>(run.size());
    for (Entry entry : run) {
      entries.add(decode(entry));
    }
    for (int done = 0; done < entries.size(); ) {
      done += applySome(entries.subList(done, entries.size()));
    }
    Entry last = run.getLast();
    if (last.index() % HASH_EVERY == 0 && facts.hashComparable()) {
      listener.hashed(last.index(), facts.hash());
    }
    if (last.term() > lastTerm) {
      lastTerm = last.term();
      if (proposals.proposeAgainBefore(lastTerm)) {
        listener.proposalsWait();
      }
    }
  }

  /** Applies some entries, at least the first one, and answers them; returns how many. */
  private int applySome(List<EntryToApply> entries) {
    long start = host.clock().nanos();
    ChunkLimit limit = new ChunkLimit(host.clock(), state.store().limits().chunkBytes());
    List<Changes> changes = new ArrayList<>();
    List<Result> results =
        listener.wantsChanges()
            ? state.store().applySome(entries, limit, changes::addAll)
            : state.store().applySome(entries, limit);
    List<EntryToApply> applied = entries.subList(0, results.size());
    listener.leasesChanged(applied, results);
    publish(changes);
    post.accept(new Input.Applied(applied.getLast().index()));
    for (int i = 0; i < results.size(); i++) {
      answer(applied.get(i), results.get(i));
    }
    metrics.applied(results.size(), host.clock().nanos() - start);
    return results.size();
  }

  /** A committed entry that cannot be read is a fault of Balsa, so the server must stop. */
  private EntryToApply decode(Entry entry) {
    return switch (entry.kind()) {
      case NO_OP -> EntryToApply.empty(entry.index(), entry.term());
      case CONFIGURATION ->
          EntryToApply.configuration(entry.index(), entry.term(), entry.payload());
      case COMMAND -> {
        try {
          Envelope envelope = EnvelopeCodec.decode(entry.payload());
          Proposal waiting = proposal(envelope);
          if (waiting != null) {
            waiting.room().reached(AnswerRoom.Step.COMMITTED);
          }
          yield EntryToApply.of(
              entry.index(),
              entry.term(),
              envelope,
              waiting == null ? null : waiting.room()::hasRoom);
        } catch (WireFailure e) {
          host.halt("committed entry " + entry.index() + " cannot be read: " + e.getMessage());
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private void publish(List<Changes> changes) {
    AppliedFacts last = facts;
    AppliedFacts next = AppliedFacts.of(state.store());
    facts = next;
    listener.applied(next);
    boolean moved =
        next.revision() != last.revision()
            || next.compactRevision() != last.compactRevision()
            || next.tombstones().oldest() != last.tombstones().oldest()
            || next.auth() != last.auth();
    if (moved && listener.wantsChanges()) {
      listener.changed(changes, next);
    }
    if (!next.members().equals(last.members())) {
      listener.membersChanged();
    }
  }

  private void answer(EntryToApply entry, Result result) {
    if (result instanceof Result.Swept swept) {
      awaitingSweeps.swept(swept);
    }
    Envelope envelope = entry.envelope();
    if (envelope != null) {
      metrics.appliedCommand(envelope.command(), result);
    }
    Proposal proposal = envelope == null || !entry.isWanted() ? null : proposal(envelope);
    if (envelope == null || proposal == null) {
      return;
    }
    if (result instanceof Result.UnderWay underWay) {
      awaitingSweeps.add(underWay, proposal, envelope.command(), entry.term());
      return;
    }
    Outcome outcome = outcome(proposal.room(), result, entry.term());
    if (envelope.command() instanceof Command.Compact(long revision, boolean physical)
        && physical
        && result instanceof Result.Done) {
      proposals.answerLater(proposal);
      awaitingCompaction.add(new AwaitingCompaction(revision, proposal, outcome));
    } else {
      proposals.answer(proposal, outcome);
    }
  }

  /** The proposal that an entry's command belongs to; null when no client here waits for it. */
  private @Nullable Proposal proposal(Envelope envelope) {
    Envelope.RequestId request = envelope.request();
    boolean own = request.origin() == identity.member() && request.boot() == identity.boot();
    return own ? proposals.find(request.sequence()) : null;
  }

  /** The result when there is room for it; otherwise a failure that says whether it wrote. */
  static Outcome outcome(AnswerRoom room, Result result, long term) {
    if (result.isBuilt() && room.tryTake(result.bytes())) {
      return new Outcome.Answered(result, term);
    }
    return new Outcome.Failed(
        result.wrote() ? Outcome.Failure.ANSWER_DROPPED : Outcome.Failure.NO_ROOM);
  }

  private void startCompacting() {
    boolean due = !awaitingCompaction.isEmpty() || state.store().isCompacting();
    if (due && !compacting) {
      compacting = true;
      lane.run(this::compactSome);
    }
  }

  private void compactSome() {
    boolean more = state.store().compactSome(COMPACT_REVISIONS);
    if (more) {
      boolean hurry = !awaitingCompaction.isEmpty() || state.store().isCompactingLate();
      lane.after(hurry ? COMPACT_HURRY_NANOS : COMPACT_PAUSE_NANOS, this::compactSome);
      return;
    }
    compacting = false;
    if (state.store().isCompacting()) {
      return; // it goes on when a large deletion is over
    }
    awaitingCompaction.forEach(
        awaiting -> proposals.answer(awaiting.proposal(), awaiting.outcome()));
    awaitingCompaction.clear();
    listener.swept();
  }

  /**
   * Returns when everything applied so far is durable in the store, or when the server is at its
   * end. Not to be called on the apply lane.
   */
  public void flush() {
    OpenStore present = state;
    while (!present.use(Engine::flush) && present != state) {
      present = state;
    }
  }

  /** Makes a checkpoint; {@code made} gets its index, term and configuration, on this lane. */
  public void checkpoint(String directory, Consumer<Snapshot> made) {
    lane.run(
        () -> {
          OpenStore present = state;
          Check.that(
              present.use(engine -> engine.checkpoint(directory)),
              "the state in force is not retired");
          made.accept(snapshotOf(present.store()));
        });
  }

  private Snapshot snapshotOf(Store store) {
    return new Snapshot(store.appliedIndex(), store.appliedTerm(), opener.configurationOf(store));
  }

  /** Puts a state in force that is whole on disk; {@link Input.Installed} follows. */
  public void install(String name, Snapshot snapshot) {
    lane.run(
        () -> {
          try {
            OpenStore old = state;
            metrics.snapshotInstalling();
            OpenStore fresh = opener.switchTo(name);
            Check.that(
                fresh.store().appliedIndex() == snapshot.index()
                    && fresh.store().appliedTerm() == snapshot.term(),
                "a snapshot's state has the index and term of the snapshot");
            state = fresh;
            lastTerm = Math.max(lastTerm, snapshot.term());
            proposals.unknowable();
            awaitingSweeps.installed(fresh.store());
            publish(List.of());
            metrics.snapshotInstalled();
            old.retire(() -> opener.delete(old.directory()));
            post.accept(new Input.Installed(snapshot));
          } catch (IOException e) {
            host.halt("a snapshot cannot be put in force: " + DiskTrouble.words(e));
          }
        });
  }

  /** Ends the lane and retires the state, after all tasks that were given to it before. */
  public void close(Runnable closed) {
    lane.run(
        () -> {
          state.retire(closed);
          lane.close();
        });
  }
}
