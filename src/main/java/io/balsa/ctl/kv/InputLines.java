package io.balsa.ctl.kv;

import io.balsa.ctl.BadInput;
import io.balsa.forms.RawText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an input. Reads no byte of the line after, and nothing after the end: at a terminal
 * that would wait for another end.
 */
final class InputLines {
  /** Holds the largest request of the default, even with an escape for each byte. */
  private static final int LINE_BYTES_MAX = 16 << 20;

  private final InputStream in;
  private boolean ended;

  InputLines(InputStream in) {
    this.in = in;
  }

  /**
   * The next line, with its bytes as {@link RawText} has them; null at the end.
   *
   * @throws BadInput when it is longer than 16 MiB
   */
  @Nullable String next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      if (line.size() > LINE_BYTES_MAX) {
        throw new BadInput("a line of standard input is longer than 16 MiB");
      }
      next = read();
    }
    return next < 0 && line.size() == 0 ? null : RawText.of(line.toByteArray());
  }

  private int read() throws IOException {
    int next = ended ? -1 : in.read();
    ended = next < 0;
    return next;
  }
}
