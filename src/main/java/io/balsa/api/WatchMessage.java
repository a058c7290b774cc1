package io.balsa.api;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * An encoded WatchResponse in three parts, so that what is the same for many watches is encoded
 * once and shared.
 *
 * @param head the header
 * @param own what this watch alone has
 * @param events the events
 */
record WatchMessage(ByteString head, ByteString own, ByteString events) {
  static final MethodDescriptor.Marshaller<WatchMessage> MARSHALLER = new Marshaller();

  int size() {
    return head.size() + own.size() + events.size();
  }

  private static final class Marshaller implements MethodDescriptor.Marshaller<WatchMessage> {
    @Override
    public InputStream stream(WatchMessage message) {
      return new Encoded(message);
    }

    @Override
    public WatchMessage parse(InputStream stream) {
      try {
        return new WatchMessage(ByteString.EMPTY, ByteString.EMPTY, ByteString.readFrom(stream));
      } catch (IOException e) {
        throw io.grpc.Status.INTERNAL.withCause(e).asRuntimeException();
      }
    }
  }

  /** The parts one after the other, written without another copy where gRPC allows it. */
  private static final class Encoded extends InputStream implements Drainable, KnownLength {
    private final WatchMessage message;
    private InputStream rest = InputStream.nullInputStream();
    private boolean drained;
    private boolean reading;

    Encoded(WatchMessage message) {
      this.message = message;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      drained = true;
      message.head.writeTo(target);
      message.own.writeTo(target);
      message.events.writeTo(target);
      return message.size();
    }

    @Override
    public int available() throws IOException {
      return drained ? 0 : reading ? rest.available() : message.size();
    }

    private InputStream rest() {
      if (!reading) {
        reading = true;
        ByteString whole = message.head.concat(message.own).concat(message.events);
        rest = new ByteArrayInputStream(whole.toByteArray());
      }
      return rest;
    }

    @Override
    public int read() throws IOException {
      return rest().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return rest().read(target, offset, length);
    }
  }
}
