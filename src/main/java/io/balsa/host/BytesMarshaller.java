package io.balsa.host;

import io.balsa.bytes.Bytes;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Byte strings as gRPC messages, as they are: one copy in each direction, no format. */
public final class BytesMarshaller implements Marshaller<Bytes> {
  /** The one instance. */
  public static final BytesMarshaller INSTANCE = new BytesMarshaller();

  private BytesMarshaller() {}

  @Override
  public InputStream stream(Bytes value) {
    return new Reading(value);
  }

  @Override
  public Bytes parse(InputStream stream) {
    try {
      return Bytes.wrap(
          stream instanceof KnownLength ? ofKnownLength(stream) : stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] ofKnownLength(InputStream stream) throws IOException {
    byte[] array = new byte[stream.available()];
    int read = stream.readNBytes(array, 0, array.length);
    if (read < array.length) {
      throw new IOException("a message is shorter than it said");
    }
    return array;
  }

  /** gRPC writes a message of known length with one allocation, and lets it drain itself. */
  private static final class Reading extends InputStream implements KnownLength, Drainable {
    private Bytes rest;

    Reading(Bytes rest) {
      this.rest = rest;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int size = rest.size();
      target.write(rest.readOnlyArray());
      rest = Bytes.EMPTY;
      return size;
    }

    @Override
    public int read() {
      if (rest.isEmpty()) {
        return -1;
      }
      int first = rest.at(0) & 0xff;
      rest = rest.from(1);
      return first;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (rest.isEmpty()) {
        return length == 0 ? 0 : -1;
      }
      int size = Math.min(length, rest.size());
      rest.slice(0, size).copyTo(target, offset);
      rest = rest.from(size);
      return size;
    }

    @Override
    public int available() {
      return rest.size();
    }
  }
}
