package io.balsa.cli;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.RangeRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code get} asks for, in etcdctl's words. */
final class RangeOptions {
  @Parameters(index = "0", paramLabel = "KEY", description = "the key, or where the range begins")
  String key = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "END",
      description = "the first key after the range")
  @Nullable String end;

  @Option(names = "--prefix", description = "all keys that begin with KEY")
  boolean prefix;

  @Option(names = "--from-key", description = "all keys from KEY on")
  boolean fromKey;

  @Option(names = "--rev", paramLabel = "N", description = "as it was at that revision")
  long revision;

  @Option(names = "--limit", paramLabel = "N", description = "at most so many keys")
  long limit;

  @Option(
      names = "--order",
      paramLabel = "ASCEND|DESCEND",
      description = "in which order (by key, ascending)")
  @Nullable Order order;

  @Option(
      names = "--sort-by",
      paramLabel = "CREATE|KEY|MODIFY|VALUE|VERSION",
      description = "what to sort by")
  @Nullable SortBy sortBy;

  @Option(names = "--keys-only", description = "without values")
  boolean keysOnly;

  @Option(names = "--count-only", description = "only how many there are")
  boolean countOnly;

  @Option(
      names = "--consistency",
      paramLabel = "l|s",
      description = "l: linearizable; s: from any server at once, maybe stale (l)")
  Consistency consistency = Consistency.l;

  /** In which direction. */
  enum Order {
    ASCEND,
    DESCEND
  }

  /** etcdctl's names of what can be sorted by. */
  enum SortBy {
    CREATE,
    KEY,
    MODIFY,
    VALUE,
    VERSION
  }

  /** etcdctl's letters. */
  enum Consistency {
    l,
    s
  }

  /** The request of etcd's protocol. */
  RangeRequest request() {
    KeyRange range = KeyRange.of(key, end, prefix, fromKey);
    RangeRequest.SortTarget target = target();
    RangeRequest.SortOrder direction =
        order == null && target != RangeRequest.SortTarget.KEY
            ? RangeRequest.SortOrder.ASCEND
            : direction();
    return RangeRequest.newBuilder()
        .setKey(range.key())
        .setRangeEnd(range.end())
        .setRevision(revision)
        .setLimit(limit)
        .setSortTarget(target)
        .setSortOrder(direction)
        .setKeysOnly(keysOnly)
        .setCountOnly(countOnly)
        .setSerializable(consistency == Consistency.s)
        .build();
  }

  private RangeRequest.SortOrder direction() {
    return switch (order) {
      case ASCEND -> RangeRequest.SortOrder.ASCEND;
      case DESCEND -> RangeRequest.SortOrder.DESCEND;
      case null -> RangeRequest.SortOrder.NONE;
    };
  }

  private RangeRequest.SortTarget target() {
    return switch (sortBy) {
      case CREATE -> RangeRequest.SortTarget.CREATE;
      case MODIFY -> RangeRequest.SortTarget.MOD;
      case VALUE -> RangeRequest.SortTarget.VALUE;
      case VERSION -> RangeRequest.SortTarget.VERSION;
      case KEY -> RangeRequest.SortTarget.KEY;
      case null -> RangeRequest.SortTarget.KEY;
    };
  }

  /**
   * A key or range as etcd's protocol has it.
   *
   * @param end empty for the key alone
   */
  record KeyRange(ByteString key, ByteString end) {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    static KeyRange of(String key, @Nullable String end, boolean prefix, boolean fromKey) {
      if ((prefix ? 1 : 0) + (fromKey ? 1 : 0) + (end == null ? 0 : 1) > 1) {
        throw new BadInput("only one of --prefix, --from-key and an END can be given");
      }
      ByteString first = ByteString.copyFromUtf8(key);
      boolean all = key.isEmpty() && (prefix || fromKey);
      if (all) {
        return new KeyRange(ZERO, ZERO);
      }
      if (fromKey) {
        return new KeyRange(first, ZERO);
      }
      return new KeyRange(
          first, prefix ? afterPrefix(first) : ByteString.copyFromUtf8(end == null ? "" : end));
    }

    private static ByteString afterPrefix(ByteString prefix) {
      byte[] bytes = prefix.toByteArray();
      for (int i = bytes.length - 1; i >= 0; i--) {
        if (bytes[i] != (byte) 0xff) {
          bytes[i]++;
          return ByteString.copyFrom(bytes, 0, i + 1);
        }
      }
      return ZERO;
    }
  }
}
