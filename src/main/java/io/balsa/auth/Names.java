package io.balsa.auth;

import io.balsa.bytes.Bytes;
import io.balsa.model.StoreLimits;
import java.util.Comparator;

/** The order and the bound of names. */
final class Names {
  /** The order of the names' UTF-8 forms, as in etcd; Java's own differs for rare letters. */
  static final Comparator<String> ORDER = Names::compare;

  private Names() {}

  static boolean isTooLong(String name) {
    return name.length() > StoreLimits.NAME_BYTES
        || Bytes.utf8(name).size() > StoreLimits.NAME_BYTES;
  }

  private static int compare(String a, String b) {
    int least = Math.min(a.length(), b.length());
    for (int i = 0; i < least; i++) {
      if (a.charAt(i) != b.charAt(i)) {
        return place(a.charAt(i)) - place(b.charAt(i));
      }
    }
    return a.length() - b.length();
  }

  /** Halves of pairs stand for letters after all that one char holds. */
  private static int place(char c) {
    return Character.isSurrogate(c) ? c + Character.MAX_VALUE : c;
  }
}
