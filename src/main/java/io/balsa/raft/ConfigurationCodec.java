package io.balsa.raft;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a {@link Configuration}: a version, then three lists, each a count and its ids. */
final class ConfigurationCodec {
  private static final int VERSION = 1;

  private ConfigurationCodec() {}

  static Bytes encode(Configuration configuration) {
    ByteWriter out = new ByteWriter(64).u8(VERSION);
    write(out, configuration.voters());
    write(out, configuration.oldVoters());
    write(out, configuration.learners());
    return out.done();
  }

  private static void write(ByteWriter out, List<Long> ids) {
    out.fixed32(ids.size());
    ids.forEach(out::fixed64);
  }

  static Configuration decode(Bytes encoded) {
    ByteReader<IllegalArgumentException> in =
        ByteReader.of("configuration", encoded, IllegalArgumentException::new);
    int version = in.u8();
    if (version != VERSION) {
      throw in.failure("of unknown version " + version);
    }
    Configuration configuration = new Configuration(ids(in), ids(in), ids(in));
    if (!in.isAtEnd()) {
      throw in.failure("with bytes after its end");
    }
    return configuration;
  }

  private static List<Long> ids(ByteReader<IllegalArgumentException> in) {
    int count = in.fixed32();
    if (count < 0 || count > in.left() / Long.BYTES) {
      throw in.failure("with an impossible count " + count);
    }
    List<Long> ids = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ids.add(in.fixed64());
    }
    return ids;
  }
}
