package io.balsa.ctl.kv;

import io.balsa.ctl.BadInput;
import io.balsa.ctl.KeyRange;
import io.balsa.proto.etcdserverpb.RangeRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of {@code get}, named as in etcdctl. */
final class RangeOptions {
  @Mixin KeyRangeOptions keys = new KeyRangeOptions();

  @Option(names = "--rev", paramLabel = "N", description = "read at that revision")
  long revision;

  @Option(names = "--limit", paramLabel = "N", description = "the most keys to print")
  long limit;

  @Option(
      names = "--order",
      paramLabel = "ASCEND|DESCEND",
      description = "the order (by key, ascending)")
  @Nullable Order order;

  @Option(
      names = "--sort-by",
      paramLabel = "CREATE|KEY|MODIFY|VALUE|VERSION",
      description = "the field to sort by")
  @Nullable SortBy sortBy;

  @Option(names = "--keys-only", description = "print only the keys")
  boolean keysOnly;

  @Option(names = "--count-only", description = "print only the number of keys")
  boolean countOnly;

  @Option(
      names = "--consistency",
      paramLabel = "l|s",
      description = "l: linearizable; s: serializable, may be stale (l)")
  Consistency consistency = Consistency.l;

  @Option(names = "--min-create-rev", paramLabel = "N", description = "keys created at N or later")
  long minCreate;

  @Option(
      names = "--max-create-rev",
      paramLabel = "N",
      description = "keys created at N or earlier")
  long maxCreate;

  @Option(names = "--min-mod-rev", paramLabel = "N", description = "keys changed at N or later")
  long minMod;

  @Option(names = "--max-mod-rev", paramLabel = "N", description = "keys changed at N or earlier")
  long maxMod;

  /** The direction. */
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
    if (keysOnly && countOnly) {
      throw new BadInput("only one of --keys-only and --count-only can be given");
    }
    refuse("create", minCreate, maxCreate);
    refuse("mod", minMod, maxMod);
    KeyRange range = keys.range();
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
        .setMinCreateRevision(minCreate)
        .setMaxCreateRevision(maxCreate)
        .setMinModRevision(minMod)
        .setMaxModRevision(maxMod)
        .setKeysOnly(keysOnly)
        .setCountOnly(countOnly)
        .setSerializable(consistency == Consistency.s)
        .build();
  }

  private static void refuse(String what, long min, long max) {
    if (max > 0 && min > max) {
      throw new BadInput(
          "--min-%s-rev=%d is larger than --max-%s-rev=%d".formatted(what, min, what, max));
    }
  }

  /** Whether keys of the range are left out because of their revisions. */
  boolean filters() {
    return minCreate > 0 || maxCreate > 0 || minMod > 0 || maxMod > 0;
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
}
