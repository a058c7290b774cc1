package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a {@link Configuration}: a version, then three lists, each a count and its ids. */
final class ConfigurationCodec {
  private static final int VERSION = 1;

  private ConfigurationCodec() {}

  static Bytes encode(Configuration configuration) {
    List<List<Long>> lists =
        List.of(configuration.voters(), configuration.oldVoters(), configuration.learners());
    int ids = lists.stream().mapToInt(List::size).sum();
    ByteBuffer out = ByteBuffer.allocate(1 + 3 * Integer.BYTES + ids * Long.BYTES);
    out.put((byte) VERSION);
    for (List<Long> list : lists) {
      out.putInt(list.size());
      list.forEach(out::putLong);
    }
    return Bytes.wrap(out.array());
  }

  static Configuration decode(Bytes encoded) {
    ByteBuffer in = encoded.buffer();
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException("configuration of unknown version " + version);
      }
      Configuration configuration = new Configuration(ids(in), ids(in), ids(in));
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("configuration with bytes after its end");
      }
      return configuration;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("configuration cut short", e);
    }
  }

  private static List<Long> ids(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / Long.BYTES) {
      throw new IllegalArgumentException("configuration with an impossible count " + count);
    }
    List<Long> ids = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ids.add(in.getLong());
    }
    return ids;
  }
}
