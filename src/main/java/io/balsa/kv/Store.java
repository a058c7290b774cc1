package io.balsa.kv;

import io.balsa.auth.AttachedKeys;
import io.balsa.auth.AuthState;
import io.balsa.auth.Judge;
import io.balsa.auth.Tokens;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.Alarm;
import io.balsa.model.Changes;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.HashKv;
import io.balsa.model.KvError;
import io.balsa.model.Member;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import io.balsa.rows.Layout;
import io.balsa.rows.Octets;
import io.balsa.rows.Tombstone;
import io.balsa.rows.Tombstones;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state machine: etcd's keys, revisions and history, in an ordered store.
 *
 * <ol>
 *   <li>One thread calls {@link #apply} and {@link #compactSome}; any thread may call the other
 *       methods.
 *   <li>The state after an entry, its answer and {@link #hash} depend on the log alone.
 *   <li>The changes of an entry are stored together, in one batch with the applied index, or not at
 *       all.
 *   <li>Opening takes the same time whatever the size, unless an earlier version has compacted the
 *       store: then it reads all once, for {@link KeptHashes}.
 * </ol>
 */
public final class Store {
  /** A batch with more bytes of keys and values is stored before the next entry. */
  private static final long BATCH_BYTES = 4 << 20;

  private final Engine engine;
  private final Draft draft;
  private final Commands commands;
  private final Compaction compaction;
  private volatile StoreState state;

  private Store(Engine engine, StoreState state, StoreLimits limits) {
    this.engine = engine;
    this.state = state;
    this.draft = new Draft(engine, state, limits);
    this.commands = new Commands(draft);
    this.compaction = new Compaction(engine);
  }

  /**
   * Opens the state machine that is stored in an engine, or a new one when there is none.
   *
   * @param firstMembers the members that a new one begins with
   * @throws UnknownFormat when another version wrote it
   */
  public static Store open(Engine engine, List<Member> firstMembers) {
    return open(engine, firstMembers, StoreLimits.DEFAULT);
  }

  /**
   * As {@link #open(Engine, List)}, with other limits than a cluster's: for tests.
   *
   * @param limits the same on all replicas and over the life of a store
   */
  public static Store open(Engine engine, List<Member> firstMembers, StoreLimits limits) {
    StoreState stored = stored(engine);
    if (stored == null) {
      stored = StoreState.first(firstMembers);
      Batch batch = new Batch();
      stored.write(batch, null, false);
      engine.write(batch);
    }
    return new Store(engine, stored, limits);
  }

  /**
   * Moves the stored state machine to a new cluster: the keys, their history and revisions stay,
   * the users and roles stay, tokens are dropped, the members are replaced, and no alarm is raised.
   *
   * @param members those of the new cluster
   * @param configuration the configuration that they begin with, opaque here
   * @throws UnknownFormat when another version wrote it
   */
  public static void beginCluster(Engine engine, List<Member> members, Bytes configuration) {
    Batch batch = new Batch();
    try (Engine.View view = engine.view()) {
      StoreState stored = StoreState.read(view);
      Check.that(stored != null, "a backup holds a state");
      StoreState moved = Objects.requireNonNull(stored).inNewCluster(members, configuration);
      moved.write(batch, null, AuthRows.areIn(view));
      AuthRows.dropTokens(view, batch);
    }
    engine.write(batch);
  }

  private static @Nullable StoreState stored(Engine engine) {
    try (Engine.View view = engine.view()) {
      return StoreState.read(view);
    }
  }

  /**
   * Applies entries in their order and answers each. Those already applied change nothing.
   *
   * @param entries consecutive, not beginning behind the one after {@link #appliedIndex}
   * @return a result for each entry; {@link Result.Done} for those without a command
   */
  public List<Result> apply(List<EntryToApply> entries) {
    return applySome(entries, _ -> true);
  }

  /**
   * As {@link #apply(List)}, but may end before the last entry, so that the answers held at once
   * stay within a bound.
   *
   * @param goesOn asked after each entry, with its result: whether to apply the next one now
   * @return a result for each entry that was applied, at least the first one
   */
  public List<Result> applySome(List<EntryToApply> entries, Predicate<Result> goesOn) {
    List<Result> results = new ArrayList<>(entries.size());
    for (EntryToApply entry : entries) {
      Result result = apply(entry);
      results.add(result);
      if (draft.batchBytes() > BATCH_BYTES) {
        draft.store();
      }
      if (!goesOn.test(result)) {
        break;
      }
    }
    draft.store();
    state = draft.state();
    draft.takeCompactions().forEach(compaction::asked);
    return results;
  }

  /**
   * As {@link #apply(List)}, and says what the entries changed.
   *
   * @param changed gets the changes of each revision that the entries made, in order; after a gap,
   *     such as a large deletion, only the later changes
   */
  public List<Result> apply(List<EntryToApply> entries, Consumer<List<Changes>> changed) {
    return applySome(entries, _ -> true, changed);
  }

  /** As {@link #applySome(List, Predicate)}, and says what the entries applied changed. */
  public List<Result> applySome(
      List<EntryToApply> entries, Predicate<Result> goesOn, Consumer<List<Changes>> changed) {
    draft.changed().keep(true);
    List<Result> results = applySome(entries, goesOn);
    draft.changed().keep(false);
    changed.accept(draft.changed().take());
    return results;
  }

  private Result apply(EntryToApply entry) {
    long applied = draft.state().appliedIndex();
    if (entry.index() <= applied) {
      return new Result.Done(draft.revision());
    }
    Check.that(entry.index() == applied + 1, "entries are applied without a gap");
    Result result = run(entry);
    draft.end(entry, result);
    return result;
  }

  private Result run(EntryToApply entry) {
    Envelope envelope = entry.envelope();
    if (envelope == null) {
      return new Result.Done(draft.revision());
    }
    WriteId write = Commands.isRemembered(envelope.command()) ? envelope.write() : WriteId.NONE;
    if (write.isNone()) {
      return run(entry, envelope, write);
    }
    if (draft.clients().contains(write)) {
      draft.store();
      return commands.again(envelope, draft.clients().remembered(write));
    }
    if (draft.clients().isForgotten(write)) {
      return new Result.Refused(draft.revision(), KvError.SEQUENCE_FORGOTTEN);
    }
    Result result = run(entry, envelope, write);
    boolean denied = result instanceof Result.Refused refused && Judge.isRefusal(refused.error());
    if (!denied) {
      draft.remember(write, envelope.caller().user(), result, entry.index());
    }
    return result;
  }

  private Result run(EntryToApply entry, Envelope envelope, WriteId write) {
    if (Commands.readsStored(envelope.command())) {
      draft.store();
    }
    Keeping keeping = Keeping.of(entry, write);
    return commands.run(envelope, entry.index(), entry.term(), keeping);
  }

  /**
   * Removes some of the compacted history. It changes nothing that a client could read. Keys that a
   * large deletion turns into history, and all later changes, wait until the deletion is over.
   *
   * @param maxChanges how many changes to go over, at most
   * @return whether there is more to do now
   */
  public boolean compactSome(int maxChanges) {
    StoreState now = state;
    long oldest = now.tombstones().oldest();
    long upTo = oldest == 0 ? now.compactRevision() : Math.min(now.compactRevision(), oldest - 1);
    return compaction.step(upTo, now.compactRevision(), maxChanges);
  }

  /** Whether compacted history waits to be removed, maybe for the end of a large deletion. */
  public boolean isCompacting() {
    return compaction.isPending(state.compactRevision());
  }

  /** Whether a compaction was asked for while an earlier one's removal is not over. */
  public boolean isCompactingLate() {
    return compaction.isLate(state.compactRevision());
  }

  /** A range at a view of the store's engine; see {@link StoreReader#range}. */
  public Result read(Range range, Engine.View view) {
    return StoreReader.of(view).range(range);
  }

  /**
   * A transaction that only reads, at a view of the store's engine; see {@link StoreReader#txn}.
   */
  public Result readTxn(Command.Txn txn, Engine.View view) {
    return StoreReader.of(view).txn(txn);
  }

  /** The hash at a revision, at a view of the store's engine; see {@link StoreReader#hashKv}. */
  public HashKv hashKv(long revision, Engine.View view) {
    return StoreReader.whole(StoreReader.of(view).hashKv(revision));
  }

  /** What applying an entry may cost here, and on every replica. */
  public StoreLimits limits() {
    return draft.limits();
  }

  /** The ordered store under it. */
  public Engine engine() {
    return engine;
  }

  /** The index of the last entry applied; 0 for none. */
  public long appliedIndex() {
    return state.appliedIndex();
  }

  /** The term of the last entry applied. */
  public long appliedTerm() {
    return state.appliedTerm();
  }

  /** The newest revision; 1 when nothing was written. */
  public long revision() {
    return state.revision();
  }

  /** The revision up to which history is forgotten; -1 when it never was, as in etcd. */
  public long compactRevision() {
    return state.compactRevision();
  }

  /** The rolling hash of everything changed and answered up to {@link #appliedIndex}. */
  public long hash() {
    return state.hash();
  }

  /** The applied index and the rolling hash there, of one moment. */
  public AppliedHash appliedHash() {
    StoreState now = state;
    return new AppliedHash(now.appliedIndex(), now.hash());
  }

  /** Whether the hash says the same on all replicas; see {@link Command.BeginHash}. */
  public boolean isHashComparable() {
    return state.comparable();
  }

  /** The large deletions whose keys are not all swept. */
  public Tombstones tombstones() {
    return state.tombstones();
  }

  /**
   * The outcome of a large deletion, by its revision.
   *
   * @return {@link Result.UnderWay}, {@link Result.DeleteRange}, or null when its record is gone
   */
  public @Nullable Result deletion(long revision) {
    if (state.tombstones().get(revision) != null) {
      return new Result.UnderWay(revision);
    }
    Bytes row = engine.get(Layout.rest(revision));
    return row == null
        ? null
        : new Result.DeleteRange(
            revision, Tombstone.Rest.decode(revision, row).deleted(), List.of());
  }

  /** How many keys are there, with those of large deletions that are not swept yet. */
  public long keys() {
    return state.keys();
  }

  /** The bytes of the keys that are there and of their values, without history. */
  public long liveBytes() {
    return state.liveBytes();
  }

  /**
   * Bytes that count against the quota: keys and values with their history back to the compact
   * revision, and a fixed number for each version.
   */
  public long usedBytes() {
    return state.usedBytes();
  }

  /** The quota in force; 0 for none. */
  public long quota() {
    return state.space().quota();
  }

  /**
   * The time that leaders have counted for leases, in milliseconds, as of the last {@link
   * Command.LeaseCheckpoint}. Pauses and times without a leader do not count.
   */
  public long leaseClock() {
    return state.leaseClock();
  }

  /** The members, in ascending unsigned order of their ids. */
  public List<Member> members() {
    return state.members();
  }

  /** The alarms raised, in order of member and kind. */
  public List<Alarm> alarms() {
    return state.alarms();
  }

  /**
   * The users and roles to judge reads by. They are there before the data of the same entries. So a
   * view that was opened before this call never shows data that is newer than these permissions.
   */
  public AuthState auth() {
    return draft.auth().published();
  }

  /**
   * The keys that are attached to leases in a view, to judge requests about a lease. For one
   * judgement, by one thread; the caller closes the view.
   */
  public static AttachedKeys attached(Engine.View view) {
    return new AttachedRows(_ -> view, StoreState.keyspace(view, new Octets()));
  }

  /** The tokens that are valid. */
  public Tokens tokens() {
    return draft.auth().publishedTokens();
  }

  /** The configuration in force at the applied index, as its entry brought it; empty for none. */
  public Bytes configuration() {
    return state.configuration();
  }

  /**
   * The index and hash that replicas compare: replicas that agree have equal hashes at an index.
   */
  public record AppliedHash(long index, long hash) {}
}
