package io.balsa.ctl.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What commands read from standard input. */
class InputTest {
  /** An input without an end and without a line end. */
  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'x';
    }
  }

  /** A terminal goes on after Ctrl+D: a second read waits for the next one. */
  private static final class Terminal extends InputStream {
    private final byte[] typed;
    private int at;

    Terminal(String typed) {
      this.typed = ByteString.copyFromUtf8(typed).toByteArray();
    }

    @Override
    public int read() throws IOException {
      if (at > typed.length) {
        throw new IOException("it was read after its end");
      }
      return at < typed.length ? typed[at++] : end();
    }

    private int end() {
      at++;
      return -1;
    }

    @Override
    public int read(byte[] bytes, int from, int most) throws IOException {
      int next = read();
      if (next >= 0) {
        bytes[from] = (byte) next;
      }
      return next < 0 ? -1 : 1;
    }
  }

  @Test
  void oneEndOfATerminalIsEnough() throws IOException {
    assertThat(PutCommand.read(new Terminal("hello"), 100))
        .isEqualTo(ByteString.copyFromUtf8("hello"));
    for (String text : List.of("a\nb", "a\nb\n")) {
      InputLines lines = new InputLines(new Terminal(text));
      assertThat(Arrays.asList(lines.next(), lines.next(), lines.next(), lines.next()))
          .containsExactly("a", "b", null, null);
    }
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(ByteString.copyFromUtf8(text).toByteArray());
  }

  @Test
  void aValueIsAtMostARequest() throws IOException {
    assertThat(PutCommand.read(input("value"), 5)).isEqualTo(ByteString.copyFromUtf8("value"));
    assertThatThrownBy(() -> PutCommand.read(new Endless(), 4))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("more than the 4 bytes");
    assertThatThrownBy(() -> PutCommand.read(input(""), 4)).isInstanceOf(BadInput.class);
  }

  @Test
  void aLineHasABound() throws IOException {
    assertThat(new InputLines(input("a\nb")).next()).isEqualTo("a");
    assertThatThrownBy(() -> new InputLines(new Endless()).next())
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("longer than 16 MiB");
  }
}
