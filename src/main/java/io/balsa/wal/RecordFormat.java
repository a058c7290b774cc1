package io.balsa.wal;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Snapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a record: a header of {@link #HEADER_BYTES} and a payload, filled up with zeros to a
 * multiple of {@link #ALIGNMENT}. Numbers are big end first.
 *
 * <p>The header's checksum is mixed with the segment's number and the record's offset, so a record
 * that was copied to another place is invalid. The header holds the payload's checksum, and the
 * checksum of the header before: a chain over the whole log. The header has fields at fixed
 * offsets, so the log reads and writes it in place.
 */
final class RecordFormat {
  static final int HEADER_BYTES = 48;
  static final int ALIGNMENT = 8;
  static final int MAGIC = 0x42414c53;
  static final int VERSION = 1;

  private static final int VERSION_AT = 4;
  private static final int KIND_AT = 5;
  private static final int DETAIL_AT = 6;
  private static final int FLAGS_AT = 7;
  private static final int BATCH_AT = 8;
  private static final int TERM_AT = 16;
  private static final int INDEX_AT = 24;
  private static final int LENGTH_AT = 32;
  private static final int PAYLOAD_CHECKSUM_AT = 36;
  private static final int PREVIOUS_AT = 40;
  private static final int CHECKSUM_AT = 44;

  private static final int OPENING = 1;
  private static final int STATE = 2;
  private static final int APPEND = 3;
  private static final int RESET = 4;
  private static final int BOOT = 5;

  private static final int LAST_OF_BATCH = 1;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private RecordFormat() {}

  /**
   * The place of a record in the order of writing.
   *
   * @param batch the number of its batch, from 1 on
   * @param last whether the batch ends with it
   * @param previous the checksum of the record before it; 0 for the very first
   */
  record Link(long batch, boolean last, int previous) {}

  /**
   * A header whose checksum is right.
   *
   * @param term the field of that place, as are {@code index} and {@code detail}
   * @param payloadBytes the payload's length, not checked yet
   */
  record Header(
      int version,
      int kind,
      int detail,
      Link link,
      long term,
      long index,
      int payloadBytes,
      int payloadChecksum,
      int checksum) {}

  /** Whether a header is that of an entry. */
  static boolean isAppend(Header header) {
    return header.kind() == APPEND;
  }

  /** How many bytes a record takes. */
  static long bytes(WalRecord record) {
    return bytes(payload(record).size());
  }

  /** How many bytes a record with a payload of this length takes. */
  static long bytes(int payloadBytes) {
    return HEADER_BYTES + filledUp(payloadBytes);
  }

  /**
   * Writes a record into an array.
   *
   * @param at where in the array
   * @param segment the number of the segment that it is for
   * @param offset where in that segment
   * @return the record's checksum
   */
  static int write(byte[] out, int at, WalRecord record, long segment, long offset, Link link) {
    Bytes payload = payload(record);
    int payloadAt = at + HEADER_BYTES;
    int end = payloadAt + payload.size();
    payload.copyTo(out, payloadAt);
    Arrays.fill(out, end, payloadAt + (int) filledUp(payload.size()), (byte) 0);
    INT.set(out, at, MAGIC);
    out[at + VERSION_AT] = VERSION;
    out[at + KIND_AT] = (byte) kindOf(record);
    out[at + DETAIL_AT] = (byte) detailOf(record);
    out[at + FLAGS_AT] = (byte) (link.last() ? LAST_OF_BATCH : 0);
    LONG.set(out, at + BATCH_AT, link.batch());
    LONG.set(out, at + TERM_AT, termOf(record));
    LONG.set(out, at + INDEX_AT, indexOf(record));
    INT.set(out, at + LENGTH_AT, payload.size());
    INT.set(out, at + PAYLOAD_CHECKSUM_AT, payloadChecksum(out, payloadAt, payload.size()));
    INT.set(out, at + PREVIOUS_AT, link.previous());
    int checksum = headerChecksum(out, at, segment, offset);
    INT.set(out, at + CHECKSUM_AT, checksum);
    return checksum;
  }

  /**
   * The header at a place of an array, if there is one that was written for this very segment and
   * offset.
   */
  static @Nullable Header header(byte[] in, int at, long segment, long offset) {
    if ((int) INT.get(in, at) != MAGIC) {
      return null;
    }
    int checksum = (int) INT.get(in, at + CHECKSUM_AT);
    if (checksum != headerChecksum(in, at, segment, offset)) {
      return null;
    }
    boolean last = (in[at + FLAGS_AT] & LAST_OF_BATCH) != 0;
    return new Header(
        in[at + VERSION_AT],
        in[at + KIND_AT],
        in[at + DETAIL_AT],
        new Link((long) LONG.get(in, at + BATCH_AT), last, (int) INT.get(in, at + PREVIOUS_AT)),
        (long) LONG.get(in, at + TERM_AT),
        (long) LONG.get(in, at + INDEX_AT),
        (int) INT.get(in, at + LENGTH_AT),
        (int) INT.get(in, at + PAYLOAD_CHECKSUM_AT),
        checksum);
  }

  /**
   * The record of a header, if its payload is whole.
   *
   * @param payloadAt where in the array the payload begins, all of it and the zeros after it being
   *     there; the record's payload is a slice of it
   */
  static @Nullable WalRecord record(Header header, byte[] array, int payloadAt) {
    int length = header.payloadBytes();
    if (header.version() != VERSION
        || payloadChecksum(array, payloadAt, length) != header.payloadChecksum()) {
      return null;
    }
    Bytes payload = Bytes.wrap(array, payloadAt, length);
    try {
      return switch (header.kind()) {
        case OPENING -> opening(header, payload);
        case STATE -> new WalRecord.State(header.term(), header.index());
        case APPEND -> append(header, payload);
        case RESET -> reset(header, payload);
        case BOOT -> new WalRecord.Boot(header.index());
        default -> null;
      };
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static long filledUp(int payloadBytes) {
    return (payloadBytes + (ALIGNMENT - 1L)) & -ALIGNMENT;
  }

  /** With the zeros after the payload, so that no bit of a record is without a checksum. */
  private static int payloadChecksum(byte[] array, int at, int payloadBytes) {
    CRC32C crc = new CRC32C();
    crc.update(array, at, (int) filledUp(payloadBytes));
    return (int) crc.getValue();
  }

  private static int headerChecksum(byte[] array, int at, long segment, long offset) {
    CRC32C crc = new CRC32C();
    crc.update(array, at, CHECKSUM_AT);
    return (int) crc.getValue() ^ placeHash(segment, offset);
  }

  /** A hash of the place; no two offsets of a segment share it. */
  private static int placeHash(long segment, long offset) {
    return (int) (((segment + 1) * 0x9e3779b97f4a7c15L) >>> 32) ^ (int) (offset >>> 3) * 0x85ebca6b;
  }

  private static int kindOf(WalRecord record) {
    return switch (record) {
      case WalRecord.Opening _ -> OPENING;
      case WalRecord.State _ -> STATE;
      case WalRecord.Append _ -> APPEND;
      case WalRecord.Reset _ -> RESET;
      case WalRecord.Boot _ -> BOOT;
    };
  }

  private static int detailOf(WalRecord record) {
    if (record instanceof WalRecord.Append append) {
      return switch (append.entry().kind()) {
        case NO_OP -> 0;
        case COMMAND -> 1;
        case CONFIGURATION -> 2;
      };
    }
    return 0;
  }

  private static Entry.Kind entryKind(int detail) {
    return switch (detail) {
      case 0 -> Entry.Kind.NO_OP;
      case 1 -> Entry.Kind.COMMAND;
      case 2 -> Entry.Kind.CONFIGURATION;
      default -> throw new IllegalArgumentException("entry of unknown kind " + detail);
    };
  }

  private static long termOf(WalRecord record) {
    return switch (record) {
      case WalRecord.Opening opening -> opening.term();
      case WalRecord.State state -> state.term();
      case WalRecord.Append append -> append.entry().term();
      case WalRecord.Reset reset -> reset.snapshot().term();
      case WalRecord.Boot _ -> 0;
    };
  }

  private static long indexOf(WalRecord record) {
    return switch (record) {
      case WalRecord.Opening opening -> opening.segment();
      case WalRecord.State state -> state.votedFor();
      case WalRecord.Append append -> append.entry().index();
      case WalRecord.Reset reset -> reset.snapshot().index();
      case WalRecord.Boot boot -> boot.number();
    };
  }

  private static Bytes payload(WalRecord record) {
    return switch (record) {
      case WalRecord.Opening opening -> openingPayload(opening);
      case WalRecord.State _, WalRecord.Boot _ -> Bytes.EMPTY;
      case WalRecord.Append append -> append.entry().payload();
      case WalRecord.Reset reset -> reset.snapshot().configuration().encode();
    };
  }

  private static Bytes openingPayload(WalRecord.Opening opening) {
    Bytes configuration = opening.configuration().encode();
    Identity identity = opening.identity();
    return new ByteWriter(7 * Long.BYTES + configuration.size())
        .fixed64(identity.clusterId())
        .fixed64(identity.member())
        .fixed64(identity.disk())
        .fixed64(identity.boot())
        .fixed64(opening.votedFor())
        .fixed64(opening.before().index())
        .fixed64(opening.before().term())
        .raw(configuration)
        .done();
  }

  private static WalRecord opening(Header header, Bytes payload) {
    ByteReader<IllegalArgumentException> in =
        ByteReader.of("opening record", payload, IllegalArgumentException::new);
    Identity identity = new Identity(in.fixed64(), in.fixed64(), in.fixed64(), in.fixed64());
    long votedFor = in.fixed64();
    LogPosition before = new LogPosition(in.fixed64(), in.fixed64());
    Configuration configuration = Configuration.decode(in.rest());
    return new WalRecord.Opening(
        identity, header.index(), header.term(), votedFor, before, configuration);
  }

  private static WalRecord append(Header header, Bytes payload) {
    Entry.Kind kind = entryKind(header.detail());
    return new WalRecord.Append(new Entry(header.index(), header.term(), kind, payload));
  }

  private static WalRecord reset(Header header, Bytes payload) {
    Configuration configuration = Configuration.decode(payload);
    return new WalRecord.Reset(new Snapshot(header.index(), header.term(), configuration));
  }
}
