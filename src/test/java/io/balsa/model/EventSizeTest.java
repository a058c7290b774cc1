package io.balsa.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.WatchResponse;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The size that is told ahead of a large message is the one that its events have then. */
class EventSizeTest {
  @Test
  void anEventHasTheSizeThatProtobufGivesIt() {
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      KeyValue kv = keyValue(random);
      KeyValue previous = random.nextBoolean() ? keyValue(random) : null;
      boolean deleted = random.nextBoolean();
      Event event =
          deleted ? Event.deleted(kv.key(), kv.modRevision(), previous) : Event.put(kv, previous);
      boolean prevKv = random.nextBoolean();
      assertThat(EventSize.of(event, prevKv))
          .as("%s", event)
          .isEqualTo(encoded(event, prevKv ? previous : null));
    }
  }

  private static KeyValue keyValue(Random random) {
    return new KeyValue(
        bytes(random),
        bytes(random),
        number(random),
        number(random),
        number(random),
        number(random));
  }

  private static Bytes bytes(Random random) {
    int bits = random.nextInt(15);
    return Bytes.wrap(new byte[random.nextInt(1 << bits)]);
  }

  private static long number(Random random) {
    return random.nextInt(4) == 0 ? 0 : random.nextLong() >> random.nextInt(Long.SIZE);
  }

  private static long encoded(Event event, @Nullable KeyValue previous) {
    var wire = io.balsa.proto.mvccpb.Event.newBuilder().setKv(proto(event.kv()));
    if (event.deleted()) {
      wire.setType(io.balsa.proto.mvccpb.Event.EventType.DELETE);
    }
    if (previous != null) {
      wire.setPrevKv(proto(previous));
    }
    return WatchResponse.newBuilder().addEvents(wire).build().getSerializedSize();
  }

  private static io.balsa.proto.mvccpb.KeyValue proto(KeyValue kv) {
    return io.balsa.proto.mvccpb.KeyValue.newBuilder()
        .setKey(ByteString.copyFrom(kv.key().toArray()))
        .setCreateRevision(kv.createRevision())
        .setModRevision(kv.modRevision())
        .setVersion(kv.version())
        .setValue(ByteString.copyFrom(kv.value().toArray()))
        .setLease(kv.lease())
        .build();
  }
}
