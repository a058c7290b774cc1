package io.balsa.ctl;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A key or range as etcd's protocol has it.
 *
 * @param end empty for the key alone
 */
public record KeyRange(ByteString key, ByteString end) {
  private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

  public static KeyRange of(
      ByteString key, @Nullable ByteString end, boolean prefix, boolean fromKey) {
    if ((prefix ? 1 : 0) + (fromKey ? 1 : 0) + (end == null ? 0 : 1) > 1) {
      throw new BadInput("only one of --prefix, --from-key and an END can be given");
    }
    boolean all = key.isEmpty() && (prefix || fromKey);
    if (all) {
      return new KeyRange(ZERO, ZERO);
    }
    if (fromKey) {
      return new KeyRange(key, ZERO);
    }
    return new KeyRange(key, prefix ? afterPrefix(key) : end == null ? ByteString.EMPTY : end);
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
