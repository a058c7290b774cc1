package io.balsa.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Message;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
  @Test
  void everyFrameComesBackAsItWas() throws WireFailure {
    for (int seed = 0; seed < 5_000; seed++) {
      Frame frame = new Values(seed).frame();
      assertThat(FrameCodec.decode(FrameCodec.encode(frame))).as("seed %d", seed).isEqualTo(frame);
    }
  }

  @Test
  void aSliceOfALargerArrayIsReadAlike() throws WireFailure {
    Frame frame = new Values(1).frame();
    Bytes encoded = FrameCodec.encode(frame);
    Bytes padded = Bytes.of(1, 2, 3).concat(encoded).concat(Bytes.of(4, 5));
    assertThat(FrameCodec.decode(padded.slice(3, 3 + encoded.size()))).isEqualTo(frame);
  }

  @Test
  void aFrameCutAnywhereIsRefused() {
    for (int seed = 0; seed < 100; seed++) {
      Bytes encoded = FrameCodec.encode(new Values(seed).frame());
      for (int size = 0; size < encoded.size(); size++) {
        refused(encoded.slice(0, size));
      }
      refused(encoded.concat(Bytes.of(0)));
    }
  }

  @Test
  void aFrameWithAnyBitFlippedIsRefused() {
    for (int seed = 0; seed < 50; seed++) {
      byte[] encoded = FrameCodec.encode(new Values(seed).frame()).toArray();
      for (int bit = 0; bit < 8 * encoded.length; bit++) {
        encoded[bit / 8] ^= (byte) (1 << bit % 8);
        refused(Bytes.wrap(encoded));
        encoded[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @Test
  void garbageWithARightChecksumIsRefusedOrAFrame() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      ByteWriter out = new ByteWriter(64);
      out.u8(2);
      out.u8(random.nextInt(12));
      for (int length = random.nextInt(60); length > 0; length--) {
        out.u8(random.nextInt(4) == 0 ? 0xff : random.nextInt(20));
      }
      out.checksum();
      try {
        assertThat(FrameCodec.decode(out.done())).isNotNull();
      } catch (WireFailure e) {
        assertThat(e).hasMessageStartingWith("frame ");
      }
    }
  }

  @Test
  void anotherVersionIsNamed() {
    ByteWriter out = new ByteWriter(8);
    out.u8(9);
    out.checksum();
    assertThatThrownBy(() -> FrameCodec.decode(out.done()))
        .isInstanceOf(WireFailure.class)
        .hasMessage("frame of unknown version 9, expected 2");
  }

  @Test
  void aCountBeyondTheFrameAllocatesNothing() {
    ByteWriter out = new ByteWriter(64);
    out.u8(2);
    out.u8(4);
    out.u8(12);
    out.varint(1);
    out.varint(1);
    out.varint(Long.MAX_VALUE);
    out.checksum();
    assertThatThrownBy(() -> FrameCodec.decode(out.done()))
        .isInstanceOf(WireFailure.class)
        .hasMessage("frame cut short: 9223372036854775807 announced, 0 left");
  }

  @Test
  void theFormatIsTheOneOnPaper() {
    Entry entry = new Entry(8, 300, Entry.Kind.COMMAND, Bytes.utf8("hi"));
    Frame frame =
        new Frame.Raft(
            new Message.AppendEntries(300, new LogPosition(7, 2), List.of(entry), 6, true));
    String hex = HexFormat.of().formatHex(FrameCodec.encode(frame).toArray());
    assertThat(hex)
        .startsWith("02" + "04" + "05" + "ac02" + "0702" + "06" + "01" + "01" + "01ac02026869");
    assertThat(hex).hasSize(2 * (16 + 4));
  }

  private static void refused(Bytes bytes) {
    assertThatThrownBy(() -> FrameCodec.decode(bytes)).isInstanceOf(WireFailure.class);
  }
}
