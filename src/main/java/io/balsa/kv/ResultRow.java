package io.balsa.kv;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Check;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results of writes as they stand in the store. */
final class ResultRow {
  /** A larger result is not kept, only that there was one. */
  static final long BYTES_MAX = 64 << 10;

  private static final int PUT = 1;
  private static final int DELETE_RANGE = 2;
  private static final int TXN = 3;
  private static final int RANGE = 4;
  private static final int REFUSED = 5;
  private static final int DONE = 6;
  private static final int LARGE_DELETION = 7;

  /** In the place of how many keys a large deletion deleted, while that is not known. */
  private static final long UNKNOWN = -1;

  private ResultRow() {}

  static void write(ByteWriter out, Result result) {
    if (result.bytes() > BYTES_MAX) {
      write(out, new Result.Refused(result.revision(), KvError.RESULT_TOO_LARGE));
      return;
    }
    switch (result) {
      case Result.Put(long revision, KeyValue previous) -> {
        out.octet(PUT).number(revision);
        writeAll(out, previous == null ? List.of() : List.of(previous));
      }
      case Result.DeleteRange(long revision, long deleted, List<KeyValue> previous) -> {
        out.octet(DELETE_RANGE).number(revision).number(deleted);
        writeAll(out, previous);
      }
      case Result.Txn(long revision, boolean succeeded, List<Result> responses) -> {
        out.octet(TXN).number(revision).octet(succeeded ? 1 : 0).number(responses.size());
        responses.forEach(each -> write(out, each));
      }
      case Result.Range(long revision, List<KeyValue> kvs, boolean more, long count) -> {
        out.octet(RANGE).number(revision).octet(more ? 1 : 0).number(count);
        writeAll(out, kvs);
      }
      case Result.Refused(long revision, KvError error) ->
          out.octet(REFUSED).number(revision).text(error.name());
      case Result.Done(long revision) -> out.octet(DONE).number(revision);
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
    out.octet(LARGE_DELETION).number(revision).ordered(deleted);
  }

  private static Result deletion(long revision, long deleted) {
    return deleted == UNKNOWN
        ? new Result.UnderWay(revision)
        : new Result.DeleteRange(revision, deleted, List.of());
  }

  static Result read(ByteReader in) {
    int kind = in.octet();
    long revision = in.number();
    return switch (kind) {
      case PUT -> new Result.Put(revision, first(readAll(in)));
      case DELETE_RANGE -> new Result.DeleteRange(revision, in.number(), readAll(in));
      case TXN -> new Result.Txn(revision, in.octet() == 1, readResults(in));
      case RANGE -> range(revision, in);
      case LARGE_DELETION -> deletion(revision, in.ordered());
      case REFUSED -> new Result.Refused(revision, KvError.valueOf(in.text()));
      default -> {
        Check.that(kind == DONE, "a stored result is of a known kind");
        yield new Result.Done(revision);
      }
    };
  }

  private static Result.Range range(long revision, ByteReader in) {
    boolean more = in.octet() == 1;
    long count = in.number();
    return new Result.Range(revision, readAll(in), more, count);
  }

  private static List<Result> readResults(ByteReader in) {
    List<Result> results = new ArrayList<>();
    for (long left = in.number(); left > 0; left--) {
      results.add(read(in));
    }
    return List.copyOf(results);
  }

  private static @Nullable KeyValue first(List<KeyValue> kvs) {
    return kvs.isEmpty() ? null : kvs.getFirst();
  }

  private static void writeAll(ByteWriter out, List<KeyValue> kvs) {
    out.number(kvs.size());
    for (KeyValue kv : kvs) {
      out.string(kv.key())
          .string(kv.value())
          .number(kv.createRevision())
          .number(kv.modRevision())
          .number(kv.version())
          .number(kv.lease());
    }
  }

  private static List<KeyValue> readAll(ByteReader in) {
    List<KeyValue> kvs = new ArrayList<>();
    for (long left = in.number(); left > 0; left--) {
      kvs.add(
          new KeyValue(
              in.string(), in.string(), in.number(), in.number(), in.number(), in.number()));
    }
    return List.copyOf(kvs);
  }
}
