package io.balsa.ctl.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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
    assertThat(InputLines.next(input("a\nb"))).isEqualTo("a");
    assertThatThrownBy(() -> InputLines.next(new Endless()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("longer than 16 MiB");
  }
}
