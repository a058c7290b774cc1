package io.balsa.ctl.kv;

import io.balsa.forms.RawText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lines of standard input. Reads no byte of the line after. */
final class InputLines {
  private InputLines() {}

  /** The next line, with its bytes as {@link RawText} has them; null at the end. */
  static @Nullable String next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = System.in.read();
    boolean end = next < 0;
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = System.in.read();
    }
    return end ? null : RawText.of(line.toByteArray());
  }
}
