package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** A bundle as gRPC sees it, and as the connection sends it. */
class MessageBundleTest {
  private static final ByteString ONE = ByteString.copyFromUtf8("one");
  private static final ByteString TWO = ByteString.copyFromUtf8("second");

  /** The bytes that gRPC passes on: its prefix before the message. */
  private static ByteString onTheWire(ByteString given) {
    ByteString framed = MessageBundle.prefix(given.size()).concat(given);
    EmbeddedChannel channel = new EmbeddedChannel(new MessageBundle.Opener());
    channel.writeOutbound(
        new DefaultByteBufHolder(Unpooled.wrappedBuffer(framed.asReadOnlyByteBuffer())));
    DefaultByteBufHolder written = channel.readOutbound();
    try {
      return ByteString.copyFrom(ByteBufUtil.getBytes(written.content()));
    } finally {
      written.release();
      channel.finishAndReleaseAll();
    }
  }

  private static ByteString message(ByteString bytes) {
    return MessageBundle.prefix(bytes.size()).concat(bytes);
  }

  @Test
  void aBundleIsItsMessages() {
    MessageBundle bundle = new MessageBundle(2, ONE.size() + TWO.size());
    for (ByteString each : new ByteString[] {ONE, TWO}) {
      bundle.begin(each.size());
      bundle.add(each);
    }
    assertThat(onTheWire(bundle.bytes())).isEqualTo(message(ONE).concat(message(TWO)));
  }

  @Test
  void piecesAreOneMessage() {
    ByteString whole = ONE.concat(TWO);
    ByteString first = MessageBundle.piece().concat(MessageBundle.prefix(whole.size())).concat(ONE);
    ByteString second = MessageBundle.piece().concat(TWO);
    assertThat(onTheWire(first).concat(onTheWire(second))).isEqualTo(message(whole));
  }

  @Test
  void whatIsNeitherStaysAsItIs() {
    assertThat(onTheWire(ONE)).isEqualTo(message(ONE));
    ByteString almost = MessageBundle.piece().substring(0, 15).concat(ONE);
    assertThat(onTheWire(almost)).isEqualTo(message(almost));
    assertThat(onTheWire(ByteString.EMPTY)).isEqualTo(message(ByteString.EMPTY));
  }
}
