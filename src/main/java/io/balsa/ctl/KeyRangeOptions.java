package io.balsa.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that select keys, named as in etcdctl. */
final class KeyRangeOptions {
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

  KeyRange range() {
    return KeyRange.of(key, end, prefix, fromKey);
  }
}
