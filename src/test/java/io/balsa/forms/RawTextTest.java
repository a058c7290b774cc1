package io.balsa.forms;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawTextTest {
  @Test
  void anyBytesComeBack() {
    Random random = new Random(1);
    for (int length = 0; length < 300; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);

      assertThat(RawText.bytes(RawText.of(bytes)).toByteArray()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "61c3b1f09f9880, añ😀",
    "fffe, '\udcff\udcfe'",
    "61c3, 'a\udcc3'",
    "eda080, '\udced\udca0\udc80'",
    "c080, '\udcc0\udc80'",
    "efbfbd, '\ufffd'"
  })
  void whatIsNoUtf8IsAByteEach(String hex, String text) {
    ByteString bytes = ByteString.fromHex(hex);

    assertThat(RawText.of(bytes.toByteArray())).isEqualTo(text);
    assertThat(RawText.bytes(text)).isEqualTo(bytes);
  }

  @Test
  void twoCharsOfBytesThatFormACharacterAreItsBytes() {
    assertThat(RawText.bytes("\udcc3\udcb1x")).isEqualTo(ByteString.copyFromUtf8("ñx"));
  }

  @Test
  void aWriterKeepsTextAndBytesInTheirOrder() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RawWriter writer = new RawWriter(out);

    writer.print("a\udcff");
    new Lines(writer, false).line(ByteString.fromHex("00fe")).line("ñ");
    new Lines(writer, true).line(ByteString.fromHex("00fe"));
    writer.println("end");

    assertThat(ByteString.copyFrom(out.toByteArray()))
        .isEqualTo(
            ByteString.fromHex("61ff00fe0a")
                .concat(ByteString.copyFromUtf8("ñ\n\\x00\\xfe\nend\n")));
  }

  @ParameterizedTest
  @CsvSource({
    "6122c3a95c, '\"a\\\"é\\\\\"'",
    "ff0a0907080c0d0b00, '\"\\xff\\n\\t\\a\\b\\f\\r\\v\\x00\"'",
    "c2a0e2808bf09f9880, '\"\\u00a0\\u200b😀\"'",
    "f3a08081, '\"\\U000e0001\"'",
    "efbfbd, '\"\ufffd\"'"
  })
  void quotesAreGos(String hex, String quoted) {
    assertThat(Quoted.of(ByteString.fromHex(hex))).isEqualTo(quoted);
  }
}
