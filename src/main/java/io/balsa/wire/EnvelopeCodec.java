package io.balsa.wire;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.model.WriteId;

/**
 * The bytes of an {@link Envelope}: a version, the ids and the user, the command. There is no
 * checksum: the frame or log record around it has one.
 */
public final class EnvelopeCodec {
  /** How deep transactions may be nested; the outermost one counts as 1. */
  public static final int NESTING_MAX = 64;

  /** The version of an envelope without the index since which the client has its id. */
  private static final int VERSION = 1;

  /** The version of an envelope with that index. */
  private static final int VERSION_SINCE = 2;

  private EnvelopeCodec() {}

  /**
   * The bytes that stand for an envelope.
   *
   * @throws IllegalArgumentException when transactions stand deeper than {@link #NESTING_MAX}
   */
  public static Bytes encode(Envelope envelope) {
    ByteWriter out = new ByteWriter(capacityFor(envelope.command()));
    long since = envelope.write().since();
    out.u8(since == 0 ? VERSION : VERSION_SINCE);
    out.fixed64(envelope.request().origin());
    out.varint(envelope.request().boot());
    out.varint(envelope.request().sequence());
    out.varint(envelope.write().client());
    out.varint(envelope.write().sequence());
    if (since != 0) {
      out.varint(since);
    }
    out.text(envelope.caller().user());
    out.varint(envelope.caller().authRevision());
    CommandCodec.write(out, envelope.command());
    return out.done();
  }

  /**
   * The envelope that the bytes stand for; keys and values in it are slices of them.
   *
   * @throws WireFailure when they are not a whole envelope of this version
   */
  public static Envelope decode(Bytes bytes) throws WireFailure {
    ByteReader<WireFailure> in = ByteReader.of("command", bytes, WireFailure::new);
    boolean since = saysSince(in);
    Envelope envelope =
        new Envelope(
            new Envelope.RequestId(in.fixed64(), in.varint(), in.varint()),
            new WriteId(in.varint(), in.varint(), since ? in.varint() : 0),
            new Caller(in.text(), in.varint()),
            CommandCodec.read(in));
    in.end();
    return envelope;
  }

  /**
   * Checks that {@link #decode} would read the bytes. For a put, the most frequent command, it
   * makes no objects.
   *
   * @throws WireFailure when it would not
   */
  public static void check(Bytes bytes) throws WireFailure {
    ByteReader<WireFailure> in = ByteReader.of("command", bytes, WireFailure::new);
    int numbers = saysSince(in) ? 5 : 4;
    in.fixed64();
    for (int i = 0; i < numbers; i++) {
      in.varint();
    }
    in.skip();
    in.varint();
    CommandCodec.check(in);
    in.end();
  }

  private static boolean saysSince(ByteReader<WireFailure> in) throws WireFailure {
    boolean since = in.isNext(VERSION_SINCE);
    in.version(since ? VERSION_SINCE : VERSION);
    return since;
  }

  private static int capacityFor(Command command) {
    return command instanceof Command.Put put ? 64 + put.key().size() + put.value().size() : 256;
  }
}
