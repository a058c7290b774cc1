package io.balsa.kv;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Check;
import io.balsa.bytes.Check.BrokenInvariant;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of remembered results in the store. */
final class ResultRow {
  /**
   * The bytes of the largest result that is kept. Of a larger one the row says only that it
   * existed.
   */
  static final long BYTES_MAX = 64 << 10;

  private static final int PUT = 1;
  private static final int DELETE_RANGE = 2;
  private static final int TXN = 3;
  private static final int RANGE = 4;
  private static final int REFUSED = 5;
  private static final int DONE = 6;
  private static final int LARGE_DELETION = 7;

  /** Stands for the number of keys that a large deletion deleted while it is unknown. */
  private static final long UNKNOWN = -1;

  private ResultRow() {}

  static void write(ByteWriter out, Result result) {
    if (result.bytes() > BYTES_MAX) {
      write(out, new Result.Refused(result.revision(), KvError.RESULT_TOO_LARGE));
      return;
    }
    switch (result) {
      case Result.Put(long revision, KeyValue previous) -> {
        out.u8(PUT).varint(revision);
        writeAll(out, previous == null ? List.of() : List.of(previous));
      }
      case Result.DeleteRange(long revision, long deleted, List<KeyValue> previous) -> {
        out.u8(DELETE_RANGE).varint(revision).varint(deleted);
        writeAll(out, previous);
      }
      case Result.Txn(long revision, boolean succeeded, List<Result> responses) -> {
        out.u8(TXN).varint(revision).flag(succeeded).list(responses, ResultRow::write);
      }
      case Result.Range(long revision, List<KeyValue> kvs, boolean more, long count) -> {
        out.u8(RANGE).varint(revision).flag(more).varint(count);
        writeAll(out, kvs);
      }
      case Result.Refused(long revision, KvError error) ->
          out.u8(REFUSED).varint(revision).text(error.name());
      case Result.Done(long revision) -> out.u8(DONE).varint(revision);
      case Result.UnderWay(long revision) -> writeDeletion(out, revision, UNKNOWN);
      case Result.Measured _ ->
          throw new IllegalStateException("a result that is remembered was built");
      case Result.Alarms _,
          Result.LeaseGrant _,
          Result.LeaseTime _,
          Result.Leases _,
          Result.Swept _ ->
          throw new IllegalStateException("writes of keys alone are remembered");
    }
  }

  /** The result of a deletion that was under way when it was remembered; of a fixed size. */
  static void writeDeletion(ByteWriter out, long revision, long deleted) {
    out.u8(LARGE_DELETION).varint(revision).fixed64(deleted);
  }

  private static Result deletion(long revision, long deleted) {
    return deleted == UNKNOWN
        ? new Result.UnderWay(revision)
        : new Result.DeleteRange(revision, deleted, List.of());
  }

  static Result read(ByteReader<BrokenInvariant> in) {
    int kind = in.u8();
    long revision = in.varint();
    return switch (kind) {
      case PUT -> new Result.Put(revision, first(readAll(in)));
      case DELETE_RANGE -> new Result.DeleteRange(revision, in.varint(), readAll(in));
      case TXN -> new Result.Txn(revision, in.flag(), List.copyOf(in.list(ResultRow::read)));
      case RANGE -> range(revision, in);
      case LARGE_DELETION -> deletion(revision, in.fixed64());
      case REFUSED -> new Result.Refused(revision, KvError.valueOf(in.text()));
      default -> {
        Check.that(kind == DONE, "a stored result is of a known kind");
        yield new Result.Done(revision);
      }
    };
  }

  private static Result.Range range(long revision, ByteReader<BrokenInvariant> in) {
    boolean more = in.flag();
    long count = in.varint();
    return new Result.Range(revision, readAll(in), more, count);
  }

  private static @Nullable KeyValue first(List<KeyValue> kvs) {
    return kvs.isEmpty() ? null : kvs.getFirst();
  }

  private static void writeAll(ByteWriter out, List<KeyValue> kvs) {
    out.list(kvs, ResultRow::write);
  }

  private static void write(ByteWriter out, KeyValue kv) {
    out.bytes(kv.key())
        .bytes(kv.value())
        .varint(kv.createRevision())
        .varint(kv.modRevision())
        .varint(kv.version())
        .varint(kv.lease());
  }

  private static List<KeyValue> readAll(ByteReader<BrokenInvariant> in) {
    return List.copyOf(in.list(ResultRow::keyValue));
  }

  private static KeyValue keyValue(ByteReader<BrokenInvariant> in) {
    return new KeyValue(in.bytes(), in.bytes(), in.varint(), in.varint(), in.varint(), in.varint());
  }
}
