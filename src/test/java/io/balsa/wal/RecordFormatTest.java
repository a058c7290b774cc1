package io.balsa.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Configuration;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Snapshot;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  static final int VERSION_AT = 4;
  static final int LENGTH_AT = 32;

  private static final Configuration CONFIGURATION = Configuration.of(List.of(5L, 6L));
  private static final RecordFormat.Link LINK = new RecordFormat.Link(7, true, 0x11223344);

  private static final List<WalRecord> RECORDS =
      List.of(
          new WalRecord.Opening(
              new Identity(1, 2, 3, 4), 9, 5, 6, new LogPosition(7, 8), CONFIGURATION),
          new WalRecord.State(5, -6),
          new WalRecord.Append(new Entry(3, 2, Entry.Kind.COMMAND, Bytes.utf8("hello"))),
          new WalRecord.Append(new Entry(3, 2, Entry.Kind.NO_OP, Bytes.EMPTY)),
          new WalRecord.Append(new Entry(3, 2, Entry.Kind.CONFIGURATION, CONFIGURATION.encode())),
          new WalRecord.Reset(new Snapshot(70, 8, CONFIGURATION)),
          new WalRecord.Boot(12));

  @Test
  void everyRecordComesBackAsItWas() {
    for (WalRecord record : RECORDS) {
      byte[] array = written(record);
      assertThat(read(array, 9, 800)).isEqualTo(record);
    }
  }

  @Test
  void kb41ARecordInAnotherPlaceIsNone() {
    for (WalRecord record : RECORDS) {
      byte[] array = written(record);
      assertThat(read(array, 10, 800)).isNull();
      assertThat(read(array, 9, 808)).isNull();
    }
  }

  @Test
  void noBitOfARecordIsWithoutAChecksum() {
    for (WalRecord record : RECORDS) {
      byte[] array = written(record);
      for (int bit = 8 * 8; bit < 8 * (array.length - 8); bit++) {
        array[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(read(array, 9, 800)).as("%s, bit %d", record, bit).isNull();
        array[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @Test
  void theFormatIsTheOneOnPaper() {
    String hex = HexFormat.of().formatHex(written(RECORDS.get(2)), 8, 8 + 56);
    assertThat(hex)
        .startsWith(
            "42414c53" + "01" + "03" + "01" + "01" + "0000000000000007" + "0000000000000002")
        .contains("0000000000000003" + "00000005")
        .contains("11223344")
        .endsWith("68656c6c6f" + "000000");
  }

  /** Gives a changed header a right checksum again. */
  static void sealHeader(byte[] array, int at, long segment, long offset) {
    CRC32C crc = new CRC32C();
    crc.update(array, at, 44);
    int place =
        (int) (((segment + 1) * 0x9e3779b97f4a7c15L) >>> 32) ^ (int) (offset / 8) * 0x85ebca6b;
    ByteBuffer.wrap(array).putInt(at + 44, (int) crc.getValue() ^ place);
  }

  /** The record among other bytes, at 8. */
  private static byte[] written(WalRecord record) {
    byte[] array = new byte[16 + (int) RecordFormat.bytes(record)];
    Arrays.fill(array, (byte) 0x5a);
    RecordFormat.write(array, 8, record, 9, 800, LINK);
    return array;
  }

  private static @Nullable WalRecord read(byte[] array, long segment, long offset) {
    RecordFormat.Header header = RecordFormat.header(array, 8, segment, offset);
    if (header == null) {
      return null;
    }
    assertThat(header.link()).isEqualTo(LINK);
    return RecordFormat.record(header, array, 8 + RecordFormat.HEADER_BYTES);
  }
}
