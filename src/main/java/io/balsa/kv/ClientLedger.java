package io.balsa.kv;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.Digest;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import io.balsa.rows.Layout;
import io.balsa.rows.Tombstone;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The first results of the writes that clients have given an id, so that a write that comes again
 * is answered and not done again.
 *
 * <ol>
 *   <li>A client's newest {@link ProtocolLimits#WRITE_WINDOW} writes are remembered.
 *   <li>So are {@link #CLIENTS_MAX} clients and {@link #BYTES_MAX} bytes of results; beyond that
 *       the client goes whose last write is the oldest in the log, to within {@link #NOTE_EVERY}
 *       entries.
 *   <li>What a client that is not known asks for is refused if the client may have been forgotten.
 *       One that says since when it has its id may be if that is before the newest note of a use
 *       that is forgotten. One that does not say it is if its id is among the last {@link
 *       #PAST_MAX} that were forgotten, and may be if it is past its first writes.
 * </ol>
 *
 * All of this is a function of the log; what is kept in memory is read from the store when needed.
 */
final class ClientLedger {
  static final int CLIENTS_MAX = 1_024;
  static final long BYTES_MAX = 64 << 20;

  /** So many ids are known to be forgotten: more than can come while a write is sent again. */
  static final int PAST_MAX = 16_384;

  /** A client's last use is written down when it is so many entries past the one written down. */
  static final int NOTE_EVERY = 1_024;

  private static final Bytes NUMBERS = Layout.meta("clients");

  private final Engine engine;

  /** By the index of the entry at which their use was last written down. */
  private final NavigableMap<Long, Long> byUse = new TreeMap<>();

  private final Map<Long, Long> uses = new TreeMap<>();
  private final Map<Long, ClientRing> rings = new TreeMap<>();
  private long bytes;
  private long storedBytes;

  /** The forgotten, by the index of the last note of a use; ascending, as they are forgotten. */
  private final NavigableMap<Long, Long> past = new TreeMap<>();

  private final Set<Long> pastClients = new TreeSet<>();
  private boolean loaded;

  ClientLedger(Engine engine) {
    this.engine = engine;
  }

  /** Whether the write was done and its result is remembered. */
  boolean contains(WriteId write) {
    ClientRing ring = ring(write.client());
    return ring != null && ring.contains(write.sequence());
  }

  /** Whether the write may have been done, but nobody can say any more. */
  boolean isForgotten(WriteId write) {
    ClientRing ring = ring(write.client());
    return ring == null ? mayBeForgotten(write) : ring.isPast(write.sequence());
  }

  /** A client's uses are written down at indexes after that since which it has its name. */
  private boolean mayBeForgotten(WriteId write) {
    if (write.since() > 0) {
      return !past.isEmpty() && write.since() < past.lastKey();
    }
    return write.sequence() > ProtocolLimits.WRITE_WINDOW || pastClients.contains(write.client());
  }

  /** The result of a write that is remembered and stored. */
  Result result(WriteId write) {
    Bytes row = engine.get(Layout.remembered(write.client(), ClientRing.place(write.sequence())));
    if (row == null) {
      throw new IllegalStateException("a remembered result is stored");
    }
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    long sequence = in.varint();
    if (sequence != write.sequence()) {
      throw new IllegalStateException("a remembered result is in its place");
    }
    return ResultRow.read(in);
  }

  /**
   * Remembers a result.
   *
   * @param index of the write's entry
   * @param digest gets what was changed
   */
  void add(WriteId write, Result result, long index, Batch batch, Digest digest) {
    ClientRing ring = ring(write.client());
    if (ring == null) {
      ring = new ClientRing();
      rings.put(write.client(), ring);
    }
    ByteWriter row = new ByteWriter(32).varint(write.sequence());
    ResultRow.write(row, result);
    Bytes value = row.done();
    batch.put(Layout.remembered(write.client(), ClientRing.place(write.sequence())), value);
    digest.add(write.client()).add(write.sequence());
    bytes -= ring.bytes();
    ring.add(write.sequence(), value.size());
    bytes += ring.bytes();
    note(write.client(), index, batch);
    while (byUse.size() > CLIENTS_MAX || bytes > BYTES_MAX) {
      forget(byUse.firstEntry().getValue(), batch, digest);
    }
  }

  /**
   * What a remembered write deleted is known: its result says so from now on. The row has the size
   * that it had, for sizes decide who is forgotten.
   */
  void complete(WriteId write, Tombstone.Rest rest, Batch batch) {
    ClientRing ring = ring(write.client());
    if (ring == null || !ring.contains(write.sequence())) {
      return;
    }
    ByteWriter row = new ByteWriter(32).varint(write.sequence());
    ResultRow.writeDeletion(row, rest.revision(), rest.deleted());
    batch.put(Layout.remembered(write.client(), ClientRing.place(write.sequence())), row.done());
  }

  private void note(long client, long index, Batch batch) {
    Long noted = uses.get(client);
    if (noted != null && index - noted < NOTE_EVERY) {
      return;
    }
    if (noted != null) {
      byUse.remove(noted);
      batch.delete(Layout.use(noted));
    }
    uses.put(client, index);
    byUse.put(index, client);
    batch.put(Layout.use(index), new ByteWriter(8).fixed64(client).done());
  }

  private void forget(long client, Batch batch, Digest digest) {
    ClientRing ring = ring(client);
    Long noted = uses.remove(client);
    if (ring == null || noted == null) {
      throw new IllegalStateException("a client in use is known");
    }
    for (int place = 0; place < ProtocolLimits.WRITE_WINDOW; place++) {
      if (ring.isTaken(place)) {
        batch.delete(Layout.remembered(client, place));
      }
    }
    byUse.remove(noted);
    batch.delete(Layout.use(noted));
    rings.remove(client);
    bytes -= ring.bytes();
    past(noted, client, batch);
    digest.add(client);
  }

  private void past(long noted, long client, Batch batch) {
    past.put(noted, client);
    pastClients.add(client);
    batch.put(Layout.pastUse(noted), new ByteWriter(8).fixed64(client).done());
    if (past.size() > PAST_MAX) {
      Map.Entry<Long, Long> oldest = past.pollFirstEntry();
      pastClients.remove(oldest.getValue());
      batch.delete(Layout.pastUse(oldest.getKey()));
    }
  }

  /** What is remembered of a client; null when it is not known. */
  private @Nullable ClientRing ring(long client) {
    load();
    ClientRing ring = rings.get(client);
    if (ring == null && uses.containsKey(client)) {
      try (Engine.View view = engine.view()) {
        ring = ClientRing.read(view, client);
      }
      rings.put(client, ring);
    }
    return ring;
  }

  private void load() {
    if (loaded) {
      return;
    }
    loaded = true;
    try (Engine.View view = engine.view();
        Engine.Cursor rows = view.scan(Layout.usesStart(), Layout.usesEnd())) {
      while (rows.next()) {
        long client = ByteReader.ofRow(rows.value()).fixed64();
        byUse.put(Layout.useOf(rows.key()), client);
        uses.put(client, Layout.useOf(rows.key()));
      }
      Bytes numbers = view.get(NUMBERS);
      bytes = numbers == null ? 0 : ByteReader.ofRow(numbers).varint();
      storedBytes = bytes;
      loadPast(view);
    }
  }

  private void loadPast(Engine.View view) {
    try (Engine.Cursor rows = view.scan(Layout.pastUsesStart(), Layout.pastUsesEnd())) {
      while (rows.next()) {
        long client = ByteReader.ofRow(rows.value()).fixed64();
        past.put(Layout.useOf(rows.key()), client);
        pastClients.add(client);
      }
    }
  }

  /** Puts what is not in a batch yet into it. */
  void store(Batch batch) {
    if (bytes != storedBytes) {
      batch.put(NUMBERS, new ByteWriter(10).varint(bytes).done());
      storedBytes = bytes;
    }
  }
}
