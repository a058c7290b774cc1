package io.balsa.ctl.kv;

import io.balsa.ctl.BadInput;
import io.balsa.forms.RawText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of standard input. Reads no byte of the line after. */
final class InputLines {
  /** Holds the largest request of the default, even with an escape for each byte. */
  private static final int LINE_BYTES_MAX = 16 << 20;

  private InputLines() {}

  /**
   * The next line, with its bytes as {@link RawText} has them; null at the end.
   *
   * @throws BadInput when it is longer than 16 MiB
   */
  static @Nullable String next() throws IOException {
    return next(System.in);
  }

  static @Nullable String next(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    boolean end = next < 0;
    while (next >= 0 && next != '\n') {
      line.write(next);
      if (line.size() > LINE_BYTES_MAX) {
        throw new BadInput("a line of standard input is longer than 16 MiB");
      }
      next = in.read();
    }
    return end ? null : RawText.of(line.toByteArray());
  }
}
