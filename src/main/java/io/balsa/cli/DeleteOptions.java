package io.balsa.cli;

import io.balsa.cli.RangeOptions.KeyRange;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code del} asks for, in etcdctl's words. */
final class DeleteOptions {
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

  @Option(names = "--prev-kv", description = "give what was there before")
  boolean prevKv;

  /** The request of etcd's protocol. */
  DeleteRangeRequest request() {
    KeyRange range = KeyRange.of(key, end, prefix, fromKey);
    return DeleteRangeRequest.newBuilder()
        .setKey(range.key())
        .setRangeEnd(range.end())
        .setPrevKv(prevKv)
        .build();
  }
}
