package io.balsa.wal;

import io.balsa.raft.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lost bytes of a {@link Hole}, or nothing. They are a row of records that begins after
 * the good records, fills the stretch and ends with the checksum that the next good record names.
 * Each header holds the checksums of its payload and of the header before, so only the written
 * bytes give that checksum. It does not matter which server the entries came from.
 */
final class Filling {
  private static final boolean[] EITHER = {false, true};
  private static final boolean[] ALONE = {true};

  /** The most starts of a server, without any other record between, that are tried. */
  private static final int BOOTS_MAX = 2;

  /** A longer stretch is not filled. So many bytes are encoded in about a second. */
  private static final long BYTES_ENCODED_MAX = 256L << 20;

  /** A longer stretch is not filled if its end is not known. */
  private static final int BYTES_MAX = 8 << 20;

  /** In a short stretch a lost vote is tried too: there are few candidates. */
  private static final int STATE_ROOM_MAX = 4096;

  private static final long TERMS_MAX = 64;

  private final Hole hole;
  private final LongFunction<List<Entry>> offered;
  private final long termMax;
  private final byte[] bytes;
  private long budget = BYTES_ENCODED_MAX;
  private int length;

  /** The state that the records found so far add up to. */
  private record Chain(
      RecordFormat.Link link, long index, long term, long boot, boolean stateFound) {
    long nextBatch() {
      return link.last() ? link.batch() + 1 : link.batch();
    }

    Chain with(WalRecord record, RecordFormat.Link now) {
      return switch (record) {
        case WalRecord.Append(Entry entry) ->
            new Chain(now, entry.index() + 1, Math.max(term, entry.term()), boot, stateFound);
        case WalRecord.State state -> new Chain(now, index, state.term(), boot, true);
        case WalRecord.Boot(long number) -> new Chain(now, index, term, number, stateFound);
        case WalRecord.Opening _, WalRecord.Reset _ ->
            new Chain(now, index, term, boot, stateFound);
      };
    }
  }

  private Filling(Hole hole, LongFunction<List<Entry>> offered, long termMax) {
    this.hole = hole;
    this.offered = offered;
    this.termMax = termMax;
    this.bytes = new byte[(int) Math.min(hole.room(), BYTES_MAX)];
  }

  /**
   * The bytes for a hole.
   *
   * @param offered the entries that other servers have at an index; maybe of several terms
   * @param termMax the highest term that the log knows
   * @return null when these are not the entries that were there
   */
  static @Nullable ByteBuffer find(Hole hole, LongFunction<List<Entry>> offered, long termMax) {
    if (hole.to() != Hole.UNKNOWN && hole.room() > BYTES_MAX) {
      return null;
    }
    Filling filling = new Filling(hole, offered, termMax);
    Hole.Before before = hole.before();
    long index = hole.header() == null ? before.index() : hole.header().index();
    Chain chain = new Chain(before.link(), index, before.term(), before.boot(), false);
    return filling.fill(0, chain) ? ByteBuffer.wrap(filling.bytes, 0, filling.length) : null;
  }

  private boolean fill(int at, Chain chain) {
    if (ends(at, chain)) {
      length = at;
      return true;
    }
    for (WalRecord record : candidates(at, chain)) {
      if (at + RecordFormat.bytes(record) <= bytes.length) {
        for (boolean last : record instanceof WalRecord.Boot ? ALONE : EITHER) {
          if (fillWith(record, at, last, chain)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean ends(int at, Chain chain) {
    return at > 0
        && (hole.to() == Hole.UNKNOWN || at == hole.room())
        && chain.link().previous() == hole.checksum()
        && chain.nextBatch() == hole.nextBatch();
  }

  private boolean fillWith(WalRecord record, int at, boolean last, Chain chain) {
    long batch = chain.nextBatch();
    int size = (int) RecordFormat.bytes(record);
    budget -= size;
    if (budget < 0 || (last ? batch + 1 : batch) > hole.nextBatch()) {
      return false;
    }
    RecordFormat.Link link = new RecordFormat.Link(batch, last, chain.link().previous());
    int checksum =
        RecordFormat.write(bytes, at, record, hole.segment().number(), hole.from() + at, link);
    RecordFormat.Link written = new RecordFormat.Link(batch, last, checksum);
    return fill(at + size, chain.with(record, written));
  }

  /** The records that are possible at a place. */
  private List<WalRecord> candidates(int at, Chain chain) {
    if (hole.from() + at == 0) {
      return List.of(hole.before().opening());
    }
    List<WalRecord> candidates = new ArrayList<>();
    if (chain.index() != Hole.UNKNOWN) {
      offered.apply(chain.index()).forEach(entry -> candidates.add(new WalRecord.Append(entry)));
    }
    if (hole.header() == null) {
      if (chain.boot() < hole.before().boot() + BOOTS_MAX) {
        candidates.add(new WalRecord.Boot(chain.boot() + 1));
      }
      if (!chain.stateFound() && hole.room() <= STATE_ROOM_MAX) {
        addStates(candidates, chain);
      }
    }
    return candidates;
  }

  private void addStates(List<WalRecord> candidates, Chain chain) {
    long highest = Math.min(termMax, chain.term() + TERMS_MAX);
    for (long term = chain.term(); term <= highest; term++) {
      candidates.add(new WalRecord.State(term, 0));
      for (long voter : hole.before().voters()) {
        candidates.add(new WalRecord.State(term, voter));
      }
    }
  }
}
