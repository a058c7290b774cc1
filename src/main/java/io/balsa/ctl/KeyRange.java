package io.balsa.ctl;

import com.google.protobuf.ByteString;
import io.balsa.forms.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * A key or range as etcd's protocol has it.
 *
 * @param end empty for the key alone
 */
public record KeyRange(ByteString key, ByteString end) {
  public static KeyRange of(
      ByteString key, @Nullable ByteString end, boolean prefix, boolean fromKey) {
    if ((prefix ? 1 : 0) + (fromKey ? 1 : 0) + (end == null ? 0 : 1) > 1) {
      throw new BadInput("only one of --prefix, --from-key and an END can be given");
    }
    boolean all = key.isEmpty() && (prefix || fromKey);
    if (all) {
      return new KeyRange(Prefix.OPEN_END, Prefix.OPEN_END);
    }
    if (fromKey) {
      return new KeyRange(key, Prefix.OPEN_END);
    }
    return new KeyRange(key, prefix ? Prefix.end(key) : end == null ? ByteString.EMPTY : end);
  }
}
