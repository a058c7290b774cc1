package io.balsa.ctl.kv;

import com.google.protobuf.ByteString;
import io.balsa.ctl.KeyBytes;
import io.balsa.ctl.KeyRange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that select keys, named as in etcdctl. */
final class KeyRangeOptions {
  @Parameters(
      index = "0",
      paramLabel = "KEY",
      converter = KeyBytes.class,
      description = "the key, or where the range begins")
  ByteString key = ByteString.EMPTY;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "END",
      converter = KeyBytes.class,
      description = "the first key after the range")
  @Nullable ByteString end;

  @Option(names = "--prefix", description = "all keys that begin with KEY")
  boolean prefix;

  @Option(names = "--from-key", description = "all keys from KEY on")
  boolean fromKey;

  KeyRange range() {
    return KeyRange.of(key, end, prefix, fromKey);
  }
}
