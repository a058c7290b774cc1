package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store knows about itself at an applied index, all of it a function of the log.
 *
 * @param compactRevision -1 when nothing was compacted yet
 * @param hash the rolling hash of all that was changed and answered up to the applied index
 * @param keys how many keys are there
 * @param liveBytes the bytes of these keys and their values
 * @param leaseClock the time counted for leases so far, in milliseconds
 * @param space what the history takes, and what there may be
 * @param members in ascending unsigned order of their ids
 * @param alarms in ascending order of member and kind
 * @param configuration the last one that an entry brought; empty before
 */
record StoreState(
    long appliedIndex,
    long appliedTerm,
    long revision,
    long compactRevision,
    long hash,
    long keys,
    long liveBytes,
    long leaseClock,
    Space space,
    List<Member> members,
    List<Alarm> alarms,
    Bytes configuration) {
  private static final int FORMAT = 2;
  private static final Bytes NUMBERS = Layout.meta("state");
  private static final Bytes MEMBERS = Layout.meta("members");
  private static final Bytes ALARMS = Layout.meta("alarms");
  private static final Bytes LEASE_CLOCK = Layout.meta("leaseClock");
  private static final Bytes SPACE = Layout.meta("space");
  private static final Bytes CONFIGURATION = Layout.meta("configuration");

  /** A store in which nothing was written: its revision is 1. */
  static StoreState first(List<Member> members) {
    return new StoreState(
        0, 0, 1, -1, 0, 0, 0, 0, Space.NONE, sorted(members), List.of(), Bytes.EMPTY);
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
        keys,
        liveBytes,
        leaseClock,
        space.unlimited(),
        sorted(others),
        List.of(),
        begins);
  }

  /** The state in a store, or null when nothing was ever written there. */
  static @Nullable StoreState read(Engine.View view) {
    Bytes numbers = view.get(NUMBERS);
    if (numbers == null) {
      return null;
    }
    return decode(
        numbers,
        leaseClock(view),
        space(view),
        members(view.get(MEMBERS)),
        alarms(view.get(ALARMS)),
        config(view));
  }

  /** The keys that a view shows; those of an empty store when nothing was ever written. */
  static ViewKeyspace keyspace(Engine.View view, Octets octets) {
    Bytes numbers = view.get(NUMBERS);
    StoreState state =
        numbers == null
            ? first(List.of())
            : decode(numbers, 0, Space.NONE, List.of(), List.of(), Bytes.EMPTY);
    return new ViewKeyspace(view, octets, state.revision, state.compactRevision);
  }

  /**
   * Puts the state into a batch.
   *
   * @param stored what is stored now; null for nothing
   */
  void write(Batch batch, @Nullable StoreState stored) {
    batch.put(NUMBERS, encode());
    if (stored == null || !stored.members.equals(members)) {
      batch.put(MEMBERS, encodeMembers());
    }
    if (stored == null || !stored.alarms.equals(alarms)) {
      batch.put(ALARMS, encodeAlarms());
    }
    if (stored == null || stored.leaseClock != leaseClock) {
      batch.put(LEASE_CLOCK, new Encoder(10).number(leaseClock).done());
    }
    if (stored == null || !stored.space.equals(space)) {
      batch.put(SPACE, space.encode());
    }
    if (stored == null || !stored.configuration.equals(configuration)) {
      batch.put(CONFIGURATION, configuration);
    }
  }

  private Bytes encode() {
    return new Encoder(64)
        .octet(FORMAT)
        .number(appliedIndex)
        .number(appliedTerm)
        .number(revision)
        .number(compactRevision + 1)
        .ordered(hash)
        .number(keys)
        .number(liveBytes)
        .done();
  }

  private static StoreState decode(
      Bytes numbers,
      long leaseClock,
      Space space,
      List<Member> members,
      List<Alarm> alarms,
      Bytes configuration) {
    Decoder in = new Decoder(numbers);
    int format = in.octet();
    if (format != FORMAT) {
      throw new UnknownFormat(format);
    }
    return new StoreState(
        in.number(),
        in.number(),
        in.number(),
        in.number() - 1,
        in.ordered(),
        in.number(),
        in.number(),
        leaseClock,
        space,
        members,
        alarms,
        configuration);
  }

  private Bytes encodeMembers() {
    Encoder out = new Encoder(256).number(members.size());
    for (Member member : members) {
      out.ordered(member.id()).text(member.name());
      texts(out, member.peerUrls());
      texts(out, member.clientUrls());
      out.octet(member.learner() ? 1 : 0).ordered(member.disk());
    }
    return out.done();
  }

  private static List<Member> members(@Nullable Bytes row) {
    if (row == null) {
      return List.of();
    }
    Decoder in = new Decoder(row);
    List<Member> members = new ArrayList<>();
    for (long left = in.number(); left > 0; left--) {
      members.add(
          new Member(in.ordered(), in.text(), texts(in), texts(in), in.octet() == 1, in.ordered()));
    }
    return List.copyOf(members);
  }

  private static void texts(Encoder out, List<String> texts) {
    out.number(texts.size());
    texts.forEach(out::text);
  }

  private static List<String> texts(Decoder in) {
    List<String> texts = new ArrayList<>();
    for (long left = in.number(); left > 0; left--) {
      texts.add(in.text());
    }
    return List.copyOf(texts);
  }

  private Bytes encodeAlarms() {
    Encoder out = new Encoder(32).number(alarms.size());
    alarms.forEach(alarm -> out.ordered(alarm.member()).text(alarm.kind().name()));
    return out.done();
  }

  private static List<Alarm> alarms(@Nullable Bytes row) {
    if (row == null) {
      return List.of();
    }
    Decoder in = new Decoder(row);
    List<Alarm> alarms = new ArrayList<>();
    for (long left = in.number(); left > 0; left--) {
      alarms.add(new Alarm(in.ordered(), Alarm.Kind.valueOf(in.text())));
    }
    return List.copyOf(alarms);
  }

  /** The lease clock that a view shows. */
  static long leaseClock(Engine.View view) {
    Bytes row = view.get(LEASE_CLOCK);
    return row == null ? 0 : new Decoder(row).number();
  }

  private static Space space(Engine.View view) {
    Bytes row = view.get(SPACE);
    return row == null ? Space.NONE : Space.decode(row);
  }

  /** Bytes that keys and values take, with what is kept of each version around them. */
  long usedBytes() {
    return liveBytes + Space.VERSION_BYTES * keys + space.historyBytes();
  }

  private static Bytes config(Engine.View view) {
    Bytes row = view.get(CONFIGURATION);
    return row == null ? Bytes.EMPTY : row;
  }
}
