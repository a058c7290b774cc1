package io.balsa.rpc;

import io.balsa.bytes.Bytes;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Sends byte strings as gRPC messages, without a format: one copy in each direction. */
public final class BytesMarshaller implements Marshaller<Bytes> {
  /** The marshaller; it has no state. */
  public static final BytesMarshaller INSTANCE = new BytesMarshaller();

  private BytesMarshaller() {}

  /** The same method, with messages that stay bytes: they are neither parsed nor built. */
  public static MethodDescriptor<Bytes, Bytes> raw(MethodDescriptor<?, ?> method) {
    return method.toBuilder(INSTANCE, INSTANCE).build();
  }

  @Override
  public InputStream stream(Bytes value) {
    return new Message(value.readOnlyArray());
  }

  @Override
  public Bytes parse(InputStream stream) {
    try {
      if (!(stream instanceof KnownLength)) {
        return Bytes.wrap(stream.readAllBytes()); // a compressed message has no known length
      }
      byte[] array = new byte[stream.available()];
      return Bytes.wrap(array, 0, stream.readNBytes(array, 0, array.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** gRPC knows the length of such a stream, and writes it without a buffer between. */
  private static final class Message extends ByteArrayInputStream
      implements Drainable, KnownLength {
    Message(byte[] array) {
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
