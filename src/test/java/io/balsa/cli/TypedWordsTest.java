package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.ctl.BadInput;
import io.balsa.forms.RawText;
import io.balsa.forms.RawWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedWordsTest {
  /** Prints its words as bytes. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] args) {
      RawWriter out = new RawWriter(System.out);
      out.println(String.join("|", TypedWords.of(args)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8"})
  void theBytesThatWereTypedArrive(String locale) throws IOException, InterruptedException {
    String line =
        "exec \"$0\" -XX:TieredStopAtLevel=1 -cp \"$1\" \"$2\" put \"$(printf '\\377\\376')\""
            + " \"$(printf '\\303\\261')\" '' end";
    ProcessBuilder builder =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                line,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path").replace(File.pathSeparator, ":"),
                Echo.class.getName())
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", locale);
    Process process = builder.start();
    byte[] said = process.getInputStream().readAllBytes();

    assertThat(process.waitFor()).as(new String(said, StandardCharsets.UTF_8)).isZero();
    assertThat(ByteString.copyFrom(said))
        .isEqualTo(
            ByteString.copyFromUtf8("put|")
                .concat(ByteString.fromHex("fffe"))
                .concat(ByteString.copyFromUtf8("|ñ||end\n")));
  }

  @Test
  void theLastWordsOfTheCommandLineAreTheOnesThatMainGot() {
    byte[] kept = RawText.bytes("java\0-jar\0x.jar\0put\0\udcff\0ñ\0").toByteArray();

    assertThat(TypedWords.of(kept, "put", "\ufffd", "\ufffd\ufffd"))
        .containsExactly("put", "\udcff", "ñ");
    assertThat(TypedWords.of(kept, "get", "ñ")).containsExactly("get", "ñ");
  }

  @Test
  void whatIsLostIsRefused() {
    assertThatThrownBy(() -> TypedWords.of(new byte[0], "put", "\ufffd"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("set LC_ALL=C.UTF-8");
    assertThat(TypedWords.of(new byte[0], "put", "ñ")).containsExactly("put", "ñ");
  }
}
