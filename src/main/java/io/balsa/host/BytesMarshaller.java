package io.balsa.host;

import io.balsa.bytes.Bytes;
import io.grpc.Drainable;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Byte strings as gRPC messages, without a format: one copy in each direction. */
final class BytesMarshaller implements Marshaller<Bytes> {
  static final BytesMarshaller INSTANCE = new BytesMarshaller();

  private BytesMarshaller() {}

  @Override
  public InputStream stream(Bytes value) {
    return new Draining(value.readOnlyArray());
  }

  @Override
  public Bytes parse(InputStream stream) {
    try {
      byte[] array = new byte[stream.available()];
      int read = stream.readNBytes(array, 0, array.length);
      return Bytes.wrap(array, 0, read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A stream that tells gRPC its length, so that gRPC copies it without a buffer between. */
  private static final class Draining extends ByteArrayInputStream implements Drainable {
    Draining(byte[] array) {
      super(array);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int size = available();
      target.write(buf, pos, size);
      pos = count;
      return size;
    }
  }
}
