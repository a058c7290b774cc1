package io.balsa.cli;

import io.balsa.ctl.BadInput;
import io.balsa.forms.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of the command line as they were typed. Java decodes them by the locale's encoding,
 * which loses bytes. Linux keeps the bytes in {@code /proc/self/cmdline}.
 */
final class TypedWords {
  private static final Path KEPT = Path.of("/proc/self/cmdline");
  private static final char LOST = '\ufffd';

  private TypedWords() {}

  /**
   * The words as {@link RawText} has them.
   *
   * @param decoded what Java made of them
   * @throws BadInput when the bytes of a word are lost
   */
  static String[] of(String... decoded) {
    if (List.of(decoded).stream().allMatch(TypedWords::isAscii)) {
      return decoded;
    }
    return of(kept(), decoded);
  }

  /**
   * The words as {@link RawText} has them.
   *
   * @param kept the bytes of the whole command line, each word ended by a zero; empty when the
   *     system does not keep them
   */
  static String[] of(byte[] kept, String... decoded) {
    List<String> words = words(kept);
    List<String> last = words.subList(Math.max(0, words.size() - decoded.length), words.size());
    if (fits(last, decoded)) {
      return last.toArray(String[]::new);
    }
    for (String word : decoded) {
      if (word.indexOf(LOST) >= 0) {
        throw new BadInput(
            "this locale cannot write '" + word + "', and its bytes are lost; set LC_ALL=C.UTF-8");
      }
    }
    return decoded;
  }

  /** Whether these are the same words, as far as ASCII shows it. */
  private static boolean fits(List<String> words, String... decoded) {
    boolean fits = words.size() == decoded.length;
    for (int i = 0; i < decoded.length && fits; i++) {
      fits = isAscii(words.get(i)) ? words.get(i).equals(decoded[i]) : !isAscii(decoded[i]);
    }
    return fits;
  }

  private static boolean isAscii(String word) {
    return word.chars().allMatch(c -> c < 0x80);
  }

  private static List<String> words(byte[] kept) {
    List<String> words = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < kept.length; i++) {
      if (kept[i] == 0) {
        words.add(RawText.of(java.util.Arrays.copyOfRange(kept, from, i)));
        from = i + 1;
      }
    }
    return words;
  }

  private static byte[] kept() {
    try {
      return Files.isReadable(KEPT) ? Files.readAllBytes(KEPT) : new byte[0];
    } catch (IOException _) {
      return new byte[0];
    }
  }
}
