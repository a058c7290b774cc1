package io.balsa.kv;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.Alarm;
import io.balsa.model.Member;
import io.balsa.rows.Layout;
import io.balsa.rows.LeaseRows;
import io.balsa.rows.Octets;
import io.balsa.rows.Space;
import io.balsa.rows.Tombstones;
import io.balsa.rows.ViewKeyspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the store beside its keys, at an applied index. It is a function of the log.
 *
 * @param compactRevision -1 when nothing was compacted yet
 * @param hash the rolling hash of all changes and answers up to the applied index
 * @param comparable whether the hash is comparable between replicas; false if it covers entries
 *     that an earlier version applied
 * @param keys the number of keys, with those that a tombstone covers
 * @param liveBytes the bytes of these keys and their values
 * @param leaseClock the time counted for leases so far, in milliseconds
 * @param leases the number of leases
 * @param tombstones the deletions whose keys are not all swept
 * @param space the bytes of the history, and the quota
 * @param members in ascending unsigned order of their ids
 * @param alarms in ascending order of member and kind
 * @param configuration the last one that an entry carried; empty before
 */
record StoreState(
    long appliedIndex,
    long appliedTerm,
    long revision,
    long compactRevision,
    long hash,
    boolean comparable,
    long keys,
    long liveBytes,
    long leaseClock,
    long leases,
    Tombstones tombstones,
    Space space,
    List<Member> members,
    List<Alarm> alarms,
    Bytes configuration) {
  private static final int FORMAT = 3;

  /** The same with rows of users: a version that does not judge must not open the store. */
  private static final int FORMAT_WITH_USERS = 4;

  /** The format without tombstones and the number of leases; its hash followed other rules. */
  private static final int FORMAT_BEFORE = 2;

  private static final Bytes NUMBERS = Layout.meta("state");
  private static final Bytes MEMBERS = Layout.meta("members");
  private static final Bytes ALARMS = Layout.meta("alarms");
  private static final Bytes LEASE_CLOCK = Layout.meta("leaseClock");
  private static final Bytes SPACE = Layout.meta("space");
  private static final Bytes CONFIGURATION = Layout.meta("configuration");

  /** A store in which nothing was written: its revision is 1. */
  static StoreState first(List<Member> members) {
    return new StoreState(
        0,
        0,
        1,
        -1,
        0,
        true,
        0,
        0,
        0,
        0,
        Tombstones.NONE,
        Space.NONE,
        sorted(members),
        List.of(),
        Bytes.EMPTY);
  }

  private static List<Member> sorted(List<Member> members) {
    List<Member> sorted = new ArrayList<>(members);
    sorted.sort((a, b) -> Long.compareUnsigned(a.id(), b.id()));
    return List.copyOf(sorted);
  }

  /** The same keys and revisions among other members. */
  StoreState inNewCluster(List<Member> others, Bytes begins) {
    return new StoreState(
        appliedIndex,
        appliedTerm,
        revision,
        compactRevision,
        hash,
        comparable,
        keys,
        liveBytes,
        leaseClock,
        leases,
        tombstones,
        space.unlimited(),
        sorted(others),
        List.of(),
        begins);
  }

  /** The state in a store, or null when nothing was ever written there. */
  static @Nullable StoreState read(Engine.View view) {
    Bytes row = view.get(NUMBERS);
    if (row == null) {
      return null;
    }
    Numbers numbers = Numbers.decode(row, view);
    return new StoreState(
        numbers.appliedIndex,
        numbers.appliedTerm,
        numbers.revision,
        numbers.compactRevision,
        numbers.hash,
        numbers.comparable,
        numbers.keys,
        numbers.liveBytes,
        leaseClock(view),
        numbers.leases,
        numbers.tombstones,
        space(view),
        members(view.get(MEMBERS)),
        alarms(view.get(ALARMS)),
        config(view));
  }

  /** The keys that a view shows; those of an empty store when nothing was ever written. */
  static ViewKeyspace keyspace(Engine.View view, Octets octets) {
    Bytes row = view.get(NUMBERS);
    if (row == null) {
      return new ViewKeyspace(view, octets, 1, -1, Tombstones.NONE);
    }
    Numbers numbers = Numbers.decode(row, view);
    return new ViewKeyspace(
        view, octets, numbers.revision, numbers.compactRevision, numbers.tombstones);
  }

  /**
   * Puts the state into a batch.
   *
   * @param stored what is stored now; null for nothing
   * @param users whether there are rows of users
   */
  void write(Batch batch, @Nullable StoreState stored, boolean users) {
    batch.put(NUMBERS, encode(users ? FORMAT_WITH_USERS : FORMAT));
    if (stored == null || !stored.members.equals(members)) {
      batch.put(MEMBERS, encodeMembers());
    }
    if (stored == null || !stored.alarms.equals(alarms)) {
      batch.put(ALARMS, encodeAlarms());
    }
    if (stored == null || stored.leaseClock != leaseClock) {
      batch.put(LEASE_CLOCK, new ByteWriter(10).varint(leaseClock).done());
    }
    if (stored == null || !stored.space.equals(space)) {
      batch.put(SPACE, space.encode());
    }
    if (stored == null || !stored.configuration.equals(configuration)) {
      batch.put(CONFIGURATION, configuration);
    }
  }

  private Bytes encode(int format) {
    return new ByteWriter(72)
        .u8(format)
        .varint(appliedIndex)
        .varint(appliedTerm)
        .varint(revision)
        .varint(compactRevision + 1)
        .fixed64(hash)
        .varint(keys)
        .varint(liveBytes)
        .flag(comparable)
        .varint(leases)
        .varint(tombstones.size())
        .done();
  }

  /** The row that every batch writes, and the rows that it says are there. */
  private record Numbers(
      long appliedIndex,
      long appliedTerm,
      long revision,
      long compactRevision,
      long hash,
      long keys,
      long liveBytes,
      boolean comparable,
      long leases,
      Tombstones tombstones) {
    static Numbers decode(Bytes row, Engine.View view) {
      ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
      int format = in.u8();
      if (format < FORMAT_BEFORE || format > FORMAT_WITH_USERS) {
        throw new UnknownFormat(format, FORMAT_WITH_USERS);
      }
      boolean before = format == FORMAT_BEFORE;
      return new Numbers(
          in.varint(),
          in.varint(),
          in.varint(),
          in.varint() - 1,
          in.fixed64(),
          in.varint(),
          in.varint(),
          !before && in.flag(),
          before ? LeaseRows.count(view) : in.varint(),
          before || in.varint() == 0 ? Tombstones.NONE : Tombstones.read(view));
    }
  }

  private Bytes encodeMembers() {
    return new ByteWriter(256).list(members, StoreState::write).done();
  }

  private static void write(ByteWriter out, Member member) {
    out.fixed64(member.id())
        .text(member.name())
        .list(member.peerUrls(), ByteWriter::text)
        .list(member.clientUrls(), ByteWriter::text)
        .flag(member.learner())
        .fixed64(member.disk());
  }

  private static List<Member> members(@Nullable Bytes row) {
    return row == null ? List.of() : List.copyOf(ByteReader.ofRow(row).list(StoreState::member));
  }

  private static Member member(ByteReader<BrokenInvariant> in) {
    return new Member(in.fixed64(), in.text(), texts(in), texts(in), in.flag(), in.fixed64());
  }

  private static List<String> texts(ByteReader<BrokenInvariant> in) {
    return List.copyOf(in.list(ByteReader::text));
  }

  private Bytes encodeAlarms() {
    return new ByteWriter(32).list(alarms, StoreState::write).done();
  }

  private static void write(ByteWriter out, Alarm alarm) {
    out.fixed64(alarm.member()).text(alarm.kind().name());
  }

  private static List<Alarm> alarms(@Nullable Bytes row) {
    return row == null ? List.of() : List.copyOf(ByteReader.ofRow(row).list(StoreState::alarm));
  }

  private static Alarm alarm(ByteReader<BrokenInvariant> in) {
    return new Alarm(in.fixed64(), Alarm.Kind.valueOf(in.text()));
  }

  /** The lease clock that a view shows. */
  static long leaseClock(Engine.View view) {
    Bytes row = view.get(LEASE_CLOCK);
    return row == null ? 0 : ByteReader.ofRow(row).varint();
  }

  private static Space space(Engine.View view) {
    Bytes row = view.get(SPACE);
    return row == null ? Space.NONE : Space.decode(row);
  }

  /** The bytes of keys and values, with a fixed number for each version. */
  long usedBytes() {
    return liveBytes + Space.VERSION_BYTES * keys + space.historyBytes();
  }

  private static Bytes config(Engine.View view) {
    Bytes row = view.get(CONFIGURATION);
    return row == null ? Bytes.EMPTY : row;
  }
}
