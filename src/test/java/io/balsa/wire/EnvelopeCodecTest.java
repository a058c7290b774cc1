package io.balsa.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.model.WriteId;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnvelopeCodecTest {
  @Test
  void everyEnvelopeComesBackAsItWas() throws WireFailure {
    for (int seed = 0; seed < 2_000; seed++) {
      Envelope envelope = new Values(seed).envelope();
      Bytes encoded = EnvelopeCodec.encode(envelope);
      assertThat(EnvelopeCodec.decode(encoded)).as("seed %d", seed).isEqualTo(envelope);
    }
  }

  /** What is checked is what can be read, no more and no less, for whole and for broken bytes. */
  @Test
  void whatIsCheckedIsWhatIsRead() {
    Random random = new Random(5);
    for (int seed = 0; seed < 2_000; seed++) {
      byte[] bytes = EnvelopeCodec.encode(new Values(seed).envelope()).toArray();
      if (seed % 4 != 0) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Bytes either = Bytes.wrap(bytes).slice(0, bytes.length - seed % 3 / 2);
      assertThat(isChecked(either)).as("seed %d", seed).isEqualTo(decoded(either) != null);
    }
  }

  private static boolean isChecked(Bytes bytes) {
    try {
      EnvelopeCodec.check(bytes);
      return true;
    } catch (WireFailure _) {
      return false;
    }
  }

  @Test
  void whoDoesNotSayItsAgeIsWrittenAsEver() throws WireFailure {
    Command put = new Command.Put(Bytes.utf8("k"), Bytes.utf8("v"), 0, false, false, false);
    Envelope.RequestId request = new Envelope.RequestId(1, 2, 3);
    Envelope old = new Envelope(request, new WriteId(4, 5), Caller.nobody(1), put);
    Envelope aged = new Envelope(request, new WriteId(4, 5, 6), Caller.nobody(1), put);
    assertThat(EnvelopeCodec.encode(old).at(0)).isEqualTo((byte) 1);
    assertThat(EnvelopeCodec.encode(aged).at(0)).isEqualTo((byte) 2);
    assertThat(EnvelopeCodec.encode(aged).size()).isEqualTo(EnvelopeCodec.encode(old).size() + 1);
    assertThat(EnvelopeCodec.decode(EnvelopeCodec.encode(aged))).isEqualTo(aged);
  }

  @Test
  void anEnvelopeCutAnywhereIsRefused() {
    for (int seed = 0; seed < 80; seed++) {
      Bytes encoded = EnvelopeCodec.encode(new Values(seed).envelope());
      for (int size = 0; size < encoded.size(); size++) {
        assertThat(decoded(encoded.slice(0, size))).as("seed %d, size %d", seed, size).isNull();
      }
    }
  }

  @Test
  void aFlippedBitGivesARefusalOrAnotherEnvelope() {
    for (int seed = 0; seed < 30; seed++) {
      Envelope envelope = new Values(seed).envelope();
      byte[] encoded = EnvelopeCodec.encode(envelope).toArray();
      for (int bit = 0; bit < 8 * encoded.length; bit++) {
        byte[] flipped = encoded.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(decoded(Bytes.wrap(flipped))).as("seed %d", seed).isNotEqualTo(envelope);
      }
    }
  }

  @Test
  void transactionsNestAsDeepAsTheBoundAndNoDeeper() throws WireFailure {
    Envelope deepest = nested(EnvelopeCodec.NESTING_MAX);
    assertThat(EnvelopeCodec.decode(EnvelopeCodec.encode(deepest))).isEqualTo(deepest);
    assertThatThrownBy(() -> EnvelopeCodec.encode(nested(EnvelopeCodec.NESTING_MAX + 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bytesThatNestForEverAreRefused() {
    ByteWriter out = new ByteWriter(64);
    out.u8(1);
    out.fixed64(1);
    for (int i = 0; i < 6; i++) {
      out.varint(0);
    }
    for (int i = 0; i < 1_000_000; i++) {
      out.u8(3);
      out.u8(0);
      out.u8(1);
    }
    assertThatThrownBy(() -> EnvelopeCodec.decode(out.done()))
        .isInstanceOf(WireFailure.class)
        .hasMessage("command with transactions nested deeper than 64");
  }

  @Test
  void aPutOfAFewBytesStaysSmall() {
    Command put = new Command.Put(Bytes.utf8("key"), Bytes.utf8("value"), 0, false, false, false);
    Envelope envelope = Envelope.ofServer(new Envelope.RequestId(0x1234567890abcdefL, 3, 5), put);
    assertThat(EnvelopeCodec.encode(envelope).size()).isEqualTo(1 + 8 + 6 + 3 + 4 + 6);
  }

  private static Envelope nested(int depth) {
    Command.Txn txn = new Command.Txn(List.of(), List.of(), List.of());
    for (int i = 1; i < depth; i++) {
      txn = new Command.Txn(List.of(), List.of(txn), List.of());
    }
    return Envelope.ofServer(new Envelope.RequestId(1, 1, 1), txn);
  }

  private static @Nullable Envelope decoded(Bytes bytes) {
    try {
      return EnvelopeCodec.decode(bytes);
    } catch (WireFailure e) {
      return null;
    }
  }
}
