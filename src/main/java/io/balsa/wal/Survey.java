package io.balsa.wal;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Goes over a damaged log and finds its good records and its holes. The chain of checksums goes on
 * after a {@link Hole}: the record there names the checksum of the record before.
 */
final class Survey {
  private static final int PIECE_BYTES = 1 << 20;

  private final Identity expected;
  private final List<Hole> holes = new ArrayList<>();
  private final EntryPlaces places = new EntryPlaces();
  private Identity identity;
  private LogState state;

  /** The last record's batch, whether it ended it, and its checksum. */
  private RecordFormat.Link link = new RecordFormat.Link(0, true, 0);

  private final List<WalRecord.Opening> openings = new ArrayList<>();
  private final TreeMap<Long, Long> ofBatch = new TreeMap<>();
  private @Nullable End end;
  private boolean indexKnown = true;
  private boolean begun;
  private boolean hopeless;
  private long newestBatch;
  private long termMax;
  private @Nullable Segment previous;
  private long previousEnd;

  private Survey(Identity expected, Configuration first) {
    this.expected = expected;
    this.identity = expected.withBoot(0);
    this.state = new LogState(new Snapshot(0, 0, first), 0, 0, 0);
  }

  /** Surveys all segments, ascending and without gaps. */
  static Survey of(List<Segment> segments, Identity expected, Configuration first)
      throws IOException {
    Survey survey = new Survey(expected, first);
    for (Segment segment : segments) {
      if (!survey.hopeless) {
        survey.go(segment);
      }
    }
    // what the last batch lacks was torn by a crash
    survey.holes.removeIf(hole -> hole.batch() >= survey.newestBatch);
    return survey;
  }

  /** Whether all damage is of a kind that can be repaired. */
  boolean isHopeful() {
    return !hopeless && begun && !holes.isEmpty();
  }

  /** The damage, in the order of the log. */
  List<Hole> holes() {
    return holes;
  }

  /** Where each entry stands that can be read. */
  EntryPlaces places() {
    return places;
  }

  /** The server of the log, with the boots that can be read. */
  Identity identity() {
    return identity;
  }

  long termMax() {
    return termMax;
  }

  /** The end of the last whole batch, and the state that all records add up to there. */
  record End(
      Segment segment, long offset, RecordFormat.Link link, Identity identity, LogState state) {}

  /** The end of the last whole batch; null when there is none. */
  @Nullable End end() {
    return end;
  }

  /**
   * Whether all damage concerns the log up to an index. Each hole must either be an entry up to the
   * index, or be before a segment whose first record says that the log ended at that index or
   * before.
   */
  boolean isSureAfter(long index) {
    return holes.stream()
        .allMatch(
            hole ->
                (hole.header() != null && RecordFormat.isAppend(hole.header()))
                    ? hole.header().index() <= index
                    : hole.segment().number() < sureFrom(index));
  }

  /** The newest segment whose first record says that the log ended at that index or before. */
  private long sureFrom(long index) {
    long sure = 0;
    for (WalRecord.Opening opening : openings) {
      sure = opening.before().index() <= index ? opening.segment() : sure;
    }
    return sure;
  }

  private void go(Segment segment) throws IOException {
    RecordReader reader = new RecordReader(segment, 0, PIECE_BYTES);
    boolean more = true;
    while (more && !hopeless) {
      RecordReader.Placed placed = reader.next();
      more = placed != null || skip(segment, reader);
      if (placed != null) {
        take(segment, placed);
      }
      boolean ended = placed != null && placed.link().last();
      if (ended || (placed == null && more)) {
        ofBatch.forEach((index, offset) -> places.put(index, segment, offset));
        ofBatch.clear();
      }
      if (ended) {
        end = new End(segment, reader.offset(), link, identity, state.copy());
      }
    }
    ofBatch.clear();
    previous = segment;
    previousEnd = reader.offset();
  }

  private void take(Segment segment, RecordReader.Placed placed) {
    if (placed.record() instanceof WalRecord.Opening opening) {
      open(opening, placed.link());
    }
    if (!follows(placed.link())) {
      hopeless = true;
      return;
    }
    link = new RecordFormat.Link(placed.link().batch(), placed.link().last(), placed.checksum());
    newestBatch = Math.max(newestBatch, link.batch());
    switch (placed.record()) {
      case WalRecord.Opening _ -> {}
      case WalRecord.State(long term, long votedFor) -> state.voted(term, votedFor);
      case WalRecord.Append(Entry entry) -> {
        appended(entry);
        ofBatch.put(entry.index(), placed.offset());
      }
      case WalRecord.Reset(Snapshot snapshot) -> {
        state.reset(snapshot, segment.number());
        indexKnown = true;
      }
      case WalRecord.Boot(long number) -> identity = identity.withBoot(number);
    }
    termMax = Math.max(termMax, state.term());
  }

  /** A segment says what the log was before it. */
  private void open(WalRecord.Opening opening, RecordFormat.Link first) {
    Identity found = opening.identity();
    hopeless |= found.clusterId() != expected.clusterId() || found.member() != expected.member();
    if (begun && !follows(first)) {
      endOfPreviousIsMissing(first);
    }
    if (!begun || !follows(first)) {
      link = new RecordFormat.Link(first.batch() - 1, true, first.previous());
    }
    begun = true;
    openings.add(opening);
    identity = found;
    Snapshot before =
        new Snapshot(opening.before().index(), opening.before().term(), opening.configuration());
    state = new LogState(before, opening.segment(), opening.term(), opening.votedFor());
    indexKnown = true;
  }

  private void endOfPreviousIsMissing(RecordFormat.Link next) {
    if (previous == null || next.batch() < batchNext()) {
      hopeless = true;
    } else {
      holes.add(
          new Hole(
              previous,
              previousEnd,
              Hole.UNKNOWN,
              null,
              before(previous),
              next.previous(),
              next.batch(),
              Hole.UNKNOWN));
    }
  }

  private void appended(Entry entry) {
    state.append(entry);
    indexKnown = true;
  }

  private boolean follows(RecordFormat.Link next) {
    return next.batch() == batchNext() && next.previous() == link.previous();
  }

  private long batchNext() {
    return link.last() ? link.batch() + 1 : link.batch();
  }

  /** No record here is good: continues at the next good record; false when there is none. */
  private boolean skip(Segment segment, RecordReader reader) throws IOException {
    long from = reader.offset();
    RecordFormat.Header header = reader.peek();
    if (header != null && follows(header.link()) && fits(segment, from, header)) {
      skipPayload(segment, reader, header);
      return true;
    }
    hopeless |= header != null;
    long next = Tail.nextHeader(segment, from + RecordFormat.ALIGNMENT, batchNext());
    if (next < 0) {
      return false;
    }
    hopeless |= from == 0 && !canOpen();
    reader.goTo(next);
    RecordFormat.Header found = reader.peek();
    if (found == null) {
      return false;
    }
    long index = RecordFormat.isAppend(found) ? found.index() : Hole.UNKNOWN;
    RecordFormat.Link after = found.link();
    holes.add(
        new Hole(
            segment, from, next, null, before(segment), after.previous(), after.batch(), index));
    link = new RecordFormat.Link(after.batch(), false, after.previous());
    indexKnown = false;
    return true;
  }

  private static boolean fits(Segment segment, long from, RecordFormat.Header header) {
    return header.version() == RecordFormat.VERSION
        && header.payloadBytes() >= 0
        && RecordFormat.bytes(header.payloadBytes()) <= segment.capacity() - from;
  }

  /** A segment's first record can be made again when all before it is known. */
  private boolean canOpen() throws IOException {
    Segment before = previous;
    return before != null && Tail.search(before, previousEnd, Long.MAX_VALUE).end() == previousEnd;
  }

  private void skipPayload(Segment segment, RecordReader reader, RecordFormat.Header header)
      throws IOException {
    long from = reader.offset();
    long to = from + RecordFormat.bytes(header.payloadBytes());
    boolean opens = from == 0 && canOpen();
    hopeless |= !opens && !RecordFormat.isAppend(header);
    RecordFormat.Link own = header.link();
    long nextBatch = own.last() ? own.batch() + 1 : own.batch();
    holes.add(
        new Hole(
            segment,
            from,
            to,
            header,
            before(segment),
            header.checksum(),
            nextBatch,
            Hole.UNKNOWN));
    link = new RecordFormat.Link(own.batch(), own.last(), header.checksum());
    newestBatch = Math.max(newestBatch, own.batch());
    if (RecordFormat.isAppend(header)) {
      appended(new Entry(header.index(), header.term(), Entry.Kind.NO_OP, Bytes.EMPTY));
    }
    reader.goTo(to);
  }

  private Hole.Before before(Segment segment) {
    Configuration configuration = state.configuration();
    WalRecord.Opening opening =
        new WalRecord.Opening(
            identity,
            segment.number(),
            state.term(),
            state.votedFor(),
            state.last(),
            configuration);
    List<Long> voters =
        Stream.concat(configuration.voters().stream(), configuration.oldVoters().stream())
            .distinct()
            .toList();
    return new Hole.Before(
        link,
        indexKnown ? state.last().index() + 1 : Hole.UNKNOWN,
        identity.boot(),
        state.term(),
        opening,
        voters);
  }
}
