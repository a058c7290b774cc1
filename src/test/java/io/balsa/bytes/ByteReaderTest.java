package io.balsa.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Check.BrokenInvariant;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What was written is read; what nobody wrote fails, whatever it is. */
class ByteReaderTest {
  private static ByteReader<IOException> reader(int... values) {
    return ByteReader.of("thing", Bytes.of(values), IOException::new);
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    Bytes written =
        new ByteWriter(1)
            .u8(255)
            .flag(true)
            .fixed32(-2)
            .fixed64(Long.MIN_VALUE)
            .varint(-1)
            .bytes(Bytes.of(1, 2))
            .text("é")
            .list(List.of("a", "b"), ByteWriter::text)
            .raw(Bytes.of(9))
            .raw(Bytes.of(8, 7))
            .done();
    // a slice, as most of what is read is one
    Bytes slice = Bytes.of(5).concat(written).concat(Bytes.of(6)).slice(1, 1 + written.size());
    ByteReader<IOException> in = ByteReader.of("thing", slice, IOException::new);

    assertThat(in.isNext(255)).isTrue();
    assertThat(in.isNext(254)).isFalse();
    assertThat(in.u8()).isEqualTo(255);
    assertThat(in.flag()).isTrue();
    assertThat(in.fixed32()).isEqualTo(-2);
    assertThat(in.fixed64()).isEqualTo(Long.MIN_VALUE);
    assertThat(in.varint()).isEqualTo(-1);
    assertThat(in.bytes()).isEqualTo(Bytes.of(1, 2));
    assertThat(in.text()).isEqualTo("é");
    assertThat(in.list(ByteReader::text)).containsExactly("a", "b");
    assertThat(in.raw(1)).isEqualTo(Bytes.of(9));
    assertThat(in.left()).isEqualTo(2);
    assertThat(in.rest()).isEqualTo(Bytes.of(8, 7));
    assertThat(in.isAtEnd()).isTrue();
    assertThat(in.isNext(6)).isFalse();
    in.end();
  }

  @Test
  void everyNumberHasOneForm() throws IOException {
    LongStream numbers =
        LongStream.concat(
            LongStream.range(0, 64).map(bit -> 1L << bit),
            LongStream.range(0, 64).map(bit -> (1L << bit) - 1));
    for (long number : numbers.toArray()) {
      Bytes written = new ByteWriter(10).varint(number).done();
      assertThat(ByteReader.of("thing", written, IOException::new).varint()).isEqualTo(number);
    }
    assertThatThrownBy(() -> reader(0x80, 0).varint()).hasMessage("thing with a malformed number");
    assertThatThrownBy(() -> reader(255, 255, 255, 255, 255, 255, 255, 255, 255, 2).varint())
        .hasMessage("thing with a malformed number");
    assertThatThrownBy(() -> reader(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0).varint())
        .hasMessage("thing with a number of more than 64 bits");
    assertThatThrownBy(() -> reader(2).flag()).hasMessage("thing with a flag of 2");
  }

  @Test
  void nothingIsReadBeyondTheEnd() {
    assertThatThrownBy(() -> reader().u8()).hasMessage("thing cut short");
    assertThatThrownBy(() -> reader(0x80).varint()).hasMessage("thing cut short");
    assertThatThrownBy(() -> reader(1, 2, 3).fixed32()).hasMessage("thing cut short");
    assertThatThrownBy(() -> reader(1, 2, 3, 4, 5, 6, 7).fixed64()).hasMessage("thing cut short");
    assertThatThrownBy(() -> reader(1).raw(2)).hasMessage("thing cut short");
    assertThatThrownBy(() -> reader(1).raw(-1)).hasMessage("thing with a size of -1");
    assertThatThrownBy(() -> reader(1, 2).end()).hasMessage("thing with 2 bytes after its end");
    assertThatThrownBy(() -> reader(3).version(1))
        .hasMessage("thing of unknown version 3, expected 1");
  }

  @Test
  void noLengthIsBelieved() {
    Bytes huge = new ByteWriter(10).varint(Long.MAX_VALUE).done();
    Bytes negative = new ByteWriter(10).varint(-1).done();
    for (Bytes bytes : List.of(huge, negative, Bytes.of(1))) {
      assertThatThrownBy(() -> ByteReader.of("thing", bytes, IOException::new).bytes())
          .hasMessageContaining(" announced, 0 left");
      assertThatThrownBy(() -> ByteReader.of("thing", bytes, IOException::new).skip())
          .hasMessageContaining(" announced, 0 left");
      assertThatThrownBy(() -> ByteReader.of("thing", bytes, IOException::new).list(ByteReader::u8))
          .hasMessageContaining(" announced, 0 left");
    }
  }

  @Test
  void aChecksumFindsEveryWrongBit() throws IOException {
    Bytes written = new ByteWriter(8).fixed64(12_345).checksum().done();
    assertThat(ByteReader.checked("thing", written, IOException::new).fixed64()).isEqualTo(12_345);
    for (int bit = 0; bit < 8 * written.size(); bit++) {
      byte[] damaged = written.toArray();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> ByteReader.checked("thing", Bytes.wrap(damaged), IOException::new))
          .hasMessage("thing with a wrong checksum");
    }
    assertThatThrownBy(() -> ByteReader.checked("thing", Bytes.of(1, 2, 3), IOException::new))
        .hasMessage("thing cut short");
  }

  @Test
  void anyBytesGiveAValueOrTheFailure() {
    Random random = new Random(17);
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      ByteReader<IOException> in = ByteReader.of("thing", Bytes.wrap(bytes), IOException::new);
      try {
        while (!in.isAtEnd()) {
          readAny(in, random.nextInt(7));
        }
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("thing ");
      }
    }
  }

  private static Object readAny(ByteReader<IOException> in, int kind) throws IOException {
    return switch (kind) {
      case 0 -> in.u8();
      case 1 -> in.flag();
      case 2 -> in.fixed32();
      case 3 -> in.fixed64();
      case 4 -> in.varint();
      case 5 -> in.text();
      default -> in.list(ByteReader::bytes);
    };
  }

  @Test
  void aBadRowIsABrokenInvariant() {
    assertThatThrownBy(() -> ByteReader.ofRow(Bytes.EMPTY).varint())
        .isInstanceOf(BrokenInvariant.class)
        .hasMessage("broken invariant: stored row cut short");
  }
}
