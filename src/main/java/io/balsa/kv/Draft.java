package io.balsa.kv;

import io.balsa.auth.AuthLimits;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.Alarm;
import io.balsa.model.Digest;
import io.balsa.model.EntryToApply;
import io.balsa.model.KeyValue;
import io.balsa.model.Lease;
import io.balsa.model.Member;
import io.balsa.model.Result;
import io.balsa.model.Span;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import io.balsa.rows.Change;
import io.balsa.rows.Keyspace;
import io.balsa.rows.Layout;
import io.balsa.rows.Space;
import io.balsa.rows.Tombstone;
import io.balsa.rows.Tombstones;
import io.balsa.rows.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The changes of the entries of one batch, before they are put into the ordered store. */
final class Draft {
  private final Engine engine;
  private final StoreLimits limits;

  private final DraftKeys newest;
  private final Keyspace keyspace;
  private final DraftLeases leases;
  private final DraftTombstones tombstones;
  private final DraftChanges changed;
  private final ClientLedger clients;
  private final DraftAuth auth;
  private Batch batch = new Batch();
  private long batchBytes;

  private StoreState stored;

  /** After the last entry that was ended. */
  private StoreState state;

  // what the present entry makes of it
  private int changes;
  private long compactRevision;
  private long keys;
  private long liveBytes;
  private long leaseClock;
  private boolean beginsHash;
  private List<Long> compactions = new ArrayList<>();
  private Space space;
  private List<Member> members;
  private List<Alarm> alarms;
  private Digest digest;

  Draft(Engine engine, StoreState stored, StoreLimits limits) {
    this.engine = engine;
    this.limits = limits;
    this.newest = new DraftKeys(engine);
    this.keyspace = new DraftKeyspace(this, newest);
    this.leases = new DraftLeases(engine, stored.leases());
    this.tombstones = new DraftTombstones(stored.tombstones());
    this.changed = new DraftChanges(limits.changesBytes());
    this.clients = new ClientLedger(engine);
    this.auth = new DraftAuth(engine, AuthLimits.DEFAULT);
    this.stored = stored;
    this.state = stored;
    this.compactRevision = stored.compactRevision();
    this.keys = stored.keys();
    this.liveBytes = stored.liveBytes();
    this.leaseClock = stored.leaseClock();
    this.space = stored.space();
    this.members = stored.members();
    this.alarms = stored.alarms();
    this.digest = new Digest(stored.hash());
  }

  /** What an entry may cost. */
  StoreLimits limits() {
    return limits;
  }

  StoreState state() {
    return state;
  }

  List<Member> members() {
    return members;
  }

  List<Alarm> alarms() {
    return alarms;
  }

  /** The revision that the present entry has made, or the one before when it changed nothing. */
  long revision() {
    return changes == 0 ? state.revision() : state.revision() + 1;
  }

  long compactRevision() {
    return compactRevision;
  }

  /** The keys as the next operation sees them. */
  Keyspace keyspace() {
    return keyspace;
  }

  /** The state that is stored. */
  StoreState stored() {
    return stored;
  }

  /** A view of what is stored; {@link #store} comes before. */
  Engine.View view() {
    return newest.view();
  }

  /**
   * Gives a key a value.
   *
   * @param before its newest version in {@link #keyspace}; null for none
   */
  void put(Bytes key, Bytes value, long lease, @Nullable KeyValue before) {
    if (before == null) {
      sweepBeforePut(key);
    }
    long now = state.revision() + 1;
    KeyValue kv =
        before == null
            ? new KeyValue(key, value, now, now, 1, lease)
            : new KeyValue(key, value, before.createRevision(), now, before.version() + 1, lease);
    supersede(key, false, before);
    leases.move(key, before == null ? 0 : before.lease(), lease, batch);
    newest.put(kv);
    keys++;
    liveBytes += size(kv);
    batchBytes += size(kv);
    digest.add(kv);
    changed.add(kv, false, before);
  }

  /** Deletes a key that is there. */
  void delete(KeyValue before) {
    long now = state.revision() + 1;
    KeyValue gone = new KeyValue(before.key(), Bytes.EMPTY, 0, now, 0, 0);
    supersede(before.key(), true, before);
    leases.move(before.key(), before.lease(), 0, batch);
    newest.put(gone);
    digest.add(gone);
    changed.add(gone, true, before);
  }

  private void supersede(Bytes key, boolean deleted, @Nullable KeyValue before) {
    long now = state.revision() + 1;
    if (before != null) {
      space = space.withSuperseded(space.superseded() + Space.bytesOf(before));
    }
    Change change =
        new Change(key, deleted, before == null ? 0 : before.modRevision(), space.superseded());
    batch.put(Layout.revision(now, changes), change.encode());
    changes++;
    batchBytes += key.size();
    if (before != null) {
      // no request puts a key twice in one revision, but a log may: the first is never seen
      if (deleted || before.modRevision() < now) {
        batch.put(Layout.history(key, before.modRevision()), new Version(before, now).encode());
      }
      discount(before);
    }
  }

  private void discount(KeyValue before) {
    keys--;
    liveBytes -= size(before);
    batchBytes += size(before);
  }

  /** Sweeps a deleted key that a tombstone still covers, before the key is put again. */
  private void sweepBeforePut(Bytes key) {
    KeyValue stored = tombstones().isEmpty() ? null : newest.get(key);
    Tombstone tombstone = stored == null ? null : tombstones().over(stored);
    if (stored != null && tombstone != null) {
      sweep(stored, tombstone);
    }
  }

  /** The deletions whose keys are not all swept. */
  Tombstones tombstones() {
    return tombstones.now();
  }

  /**
   * Deletes all keys that a tombstone of the entry's revision covers. Later entries sweep them.
   * Nothing else may change in that revision.
   */
  void bury(Tombstone tombstone) {
    Check.that(changes == 0, "a large deletion has a revision for itself");
    changes++;
    tombstones.add(tombstone);
    changed.lose();
    Span span = tombstone.span();
    digest.add(tombstone.revision()).add(tombstone.lease()).add(span.key()).add(span.rangeEnd());
  }

  /**
   * Writes for a version that a tombstone covers what its deletion at that revision would have
   * written.
   *
   * @return the tombstone as it is now
   */
  Tombstone sweep(KeyValue kv, Tombstone tombstone) {
    long revision = tombstone.revision();
    Tombstone swept = tombstones.sweep(kv, tombstone, batch);
    leases.move(kv.key(), kv.lease(), 0, batch);
    newest.put(new KeyValue(kv.key(), Bytes.EMPTY, 0, revision, 0, 0));
    discount(kv);
    batchBytes += 2L * kv.key().size();
    long more = revision > compactRevision ? Space.bytesOf(kv) : 0;
    space = space.withSwept(space.swept() + more);
    digest.add(revision).add(kv.key()).add(kv.modRevision());
    return swept;
  }

  /** A sweep goes on later. */
  void sweptSome(Tombstone tombstone) {
    tombstones.change(tombstone);
  }

  /** All keys of a tombstone are swept, so their number is known. */
  void sweptAll(Tombstone tombstone) {
    tombstones.end(tombstone);
    digest.add(tombstone.revision()).add(tombstone.deleted());
    if (!tombstone.write().isNone()) {
      clients.complete(tombstone.write(), tombstone.rest(), batch);
    }
  }

  private static long size(KeyValue kv) {
    return (long) kv.key().size() + kv.value().size();
  }

  /** The stored newest version of a key that is attached to a lease. */
  KeyValue attached(Bytes key) {
    KeyValue stored = newest.get(key);
    Check.that(stored != null, "a key attached to a lease has a version");
    return Objects.requireNonNull(stored);
  }

  DraftLeases leases() {
    return leases;
  }

  void lease(Lease changed) {
    leases.put(changed);
    digest.add(changed);
  }

  void removeLease(long id) {
    leases.remove(id);
    digest.add(id);
  }

  ClientLedger clients() {
    return clients;
  }

  DraftAuth auth() {
    return auth;
  }

  /** Remembers the result of a user's write. */
  void remember(WriteId write, String user, Result result, long index) {
    clients.add(write, user, result, index, batch, digest);
  }

  long leaseClock() {
    return leaseClock;
  }

  void leaseClock(long changed) {
    leaseClock = changed;
    digest.add(changed);
  }

  /**
   * Forgets history, which {@link Compaction} removes later in pieces; {@link #store} comes before.
   */
  void compact(long revision) {
    long swept = tombstones.sweptBetween(view(), compactRevision, revision);
    space = space.withSwept(space.swept() - swept);
    compactRevision = revision;
    compactions.add(revision);
    Change last = Change.last(view(), revision);
    space = last == null ? space : space.withCompacted(last.history());
  }

  /** The compactions since the last call, in order. */
  List<Long> takeCompactions() {
    List<Long> taken = compactions;
    compactions = new ArrayList<>();
    return taken;
  }

  Space space() {
    return space;
  }

  void space(Space changed) {
    space = changed;
  }

  /** Bytes used, with what the present entry has done so far. */
  long usedBytes() {
    return liveBytes + Space.VERSION_BYTES * keys + space.historyBytes();
  }

  void members(List<Member> replacing) {
    members = List.copyOf(replacing);
  }

  void alarms(List<Alarm> replacing) {
    alarms = List.copyOf(replacing);
  }

  /** The hash begins anew with the present entry: replicas may differ in what was in it before. */
  void beginHash() {
    beginsHash = true;
  }

  /** Ends an entry: its changes, if any, have made a revision. */
  void end(EntryToApply entry, Result result) {
    Bytes configuration = entry.configuration();
    digest = beginsHash ? new Digest(0) : digest;
    auth.end(digest);
    digest.add(entry.index()).add(entry.term()).add(result);
    digest.add(compactRevision).add(space.quota());
    if (configuration != null) {
      digest.add(configuration);
    }
    state =
        new StoreState(
            entry.index(),
            entry.term(),
            revision(),
            compactRevision,
            digest.value(),
            beginsHash || state.comparable(),
            keys,
            liveBytes,
            leaseClock,
            leases.count(),
            tombstones(),
            space,
            members,
            alarms,
            configuration == null ? state.configuration() : configuration);
    digest = new Digest(state.hash());
    changes = 0;
    beginsHash = false;
    changed.end(state.revision());
  }

  /** What the entries change, for watchers. */
  DraftChanges changed() {
    return changed;
  }

  /** The bytes of keys and values that wait to be stored. */
  long batchBytes() {
    return batchBytes;
  }

  /** Stores everything up to the last entry ended, in one batch with the state. */
  void store() {
    newest.closeView();
    if (state.appliedIndex() == stored.appliedIndex()) {
      return;
    }
    newest.store(batch);
    leases.store(batch);
    tombstones.store(batch);
    clients.store(batch);
    auth.store(batch);
    state.write(batch, stored, auth.isInUse());
    engine.write(batch);
    stored = state;
    batch = new Batch();
    batchBytes = 0;
  }
}
