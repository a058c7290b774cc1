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
 * The first results of the writes that clients gave an id. A write that comes again is answered
 * from here and not done again.
 *
 * <ol>
 *   <li>A client's newest {@link ProtocolLimits#WRITE_WINDOW} writes are remembered.
 *   <li>At most {@link #CLIENTS_MAX} clients and {@link #BYTES_MAX} bytes of results are
 *       remembered. Beyond that the client whose last write is oldest in the log is forgotten, to
 *       within {@link #NOTE_EVERY} entries.
 *   <li>A write of an unknown client is refused if the client may have been forgotten. A client
 *       that says since when it has its id may have been forgotten if that is before the newest
 *       forgotten note of a use. A client that does not say so counts as forgotten if its id is
 *       among the last {@link #PAST_MAX} forgotten ids, or if the write is past its first ones.
 * </ol>
 *
 * All of this is a function of the log. The copy in memory is read from the store when needed.
 */
final class ClientLedger {
  static final int CLIENTS_MAX = 1_024;
  static final long BYTES_MAX = 64 << 20;

  /** How many forgotten ids are known: more than come while a write is sent again. */
  static final int PAST_MAX = 16_384;

  /** A use is written down when it is so many entries past the last use written down. */
  static final int NOTE_EVERY = 1_024;

  private static final Bytes NUMBERS = Layout.meta("clients");

  private final Engine engine;

  /** The clients by the index of the entry at which their use was last written down. */
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

  /** Whether the store cannot know any more if the write was done. */
  boolean isForgotten(WriteId write) {
    ClientRing ring = ring(write.client());
    return ring == null ? mayBeForgotten(write) : ring.isPast(write.sequence());
  }

  /** Uses are written down at later indexes than the one since which the client has its id. */
  private boolean mayBeForgotten(WriteId write) {
    if (write.since() > 0) {
      return !past.isEmpty() && write.since() < past.lastKey();
    }
    return write.sequence() > ProtocolLimits.WRITE_WINDOW || pastClients.contains(write.client());
  }

  /**
   * What is remembered of a write.
   *
   * @param user who wrote; empty for a client without identity
   */
  record Remembered(Result result, String user) {}

  /** What is remembered and stored of a write. */
  Remembered remembered(WriteId write) {
    Bytes row = engine.get(Layout.remembered(write.client(), ClientRing.place(write.sequence())));
    if (row == null) {
      throw new IllegalStateException("a remembered result is stored");
    }
    ByteReader<BrokenInvariant> in = ByteReader.ofRow(row);
    long sequence = in.varint();
    if (sequence != write.sequence()) {
      throw new IllegalStateException("a remembered result is in its place");
    }
    Result result = ResultRow.read(in);
    return new Remembered(result, in.isAtEnd() ? "" : in.text());
  }

  /**
   * Remembers a result.
   *
   * @param user who wrote, and alone may get the result again
   * @param index of the write's entry
   * @param digest gets what was changed
   */
  void add(WriteId write, String user, Result result, long index, Batch batch, Digest digest) {
    ClientRing ring = ring(write.client());
    if (ring == null) {
      ring = new ClientRing();
      rings.put(write.client(), ring);
    }
    ByteWriter row = new ByteWriter(32).varint(write.sequence());
    ResultRow.write(row, result);
    writeUser(row, user);
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
   * Puts the number of deleted keys into the remembered result of a large deletion. The row keeps
   * its size, because sizes decide which client is forgotten. {@link Draft#store} comes before.
   */
  void complete(WriteId write, Tombstone.Rest rest, Batch batch) {
    ClientRing ring = ring(write.client());
    if (ring == null || !ring.contains(write.sequence())) {
      return;
    }
    String user = remembered(write).user();
    ByteWriter row = new ByteWriter(32).varint(write.sequence());
    ResultRow.writeDeletion(row, rest.revision(), rest.deleted());
    writeUser(row, user);
    batch.put(Layout.remembered(write.client(), ClientRing.place(write.sequence())), row.done());
  }

  /** The row of a client without identity is as it was before there were users. */
  private static void writeUser(ByteWriter row, String user) {
    if (!user.isEmpty()) {
      row.text(user);
    }
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

  /** The ring of a client; null when the client is not known. */
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

  /** Puts the changes that are in no batch yet into this one. */
  void store(Batch batch) {
    if (bytes != storedBytes) {
      batch.put(NUMBERS, new ByteWriter(10).varint(bytes).done());
      storedBytes = bytes;
    }
  }
}
