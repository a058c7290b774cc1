package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.front.MessageBundle;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * An encoded {@code WatchResponse} in three parts, so that many watches can share the same parts.
 * Or a piece of a response that is too large to be held.
 *
 * @param lead the start of a piece, see {@link MessageBundle#piece}; empty for a whole message
 * @param head the header
 * @param own the part of this watch only
 * @param events the events
 */
record WatchMessage(ByteString lead, ByteString head, ByteString own, ByteString events) {
  /** Encodes messages that are sent together: one message, or several if the call takes bundles. */
  static final MethodDescriptor.Marshaller<List<WatchMessage>> MARSHALLER = new Marshaller();

  WatchMessage(ByteString head, ByteString own, ByteString events) {
    this(ByteString.EMPTY, head, own, events);
  }

  /** Whether it is a piece, which is sent alone. */
  boolean isPiece() {
    return !lead.isEmpty();
  }

  int size() {
    return lead.size() + head.size() + own.size() + events.size();
  }

  private static ByteString bundle(List<WatchMessage> messages) {
    int bytes = 0;
    for (WatchMessage message : messages) {
      bytes += message.size();
    }
    MessageBundle bundle = new MessageBundle(messages.size(), bytes);
    for (WatchMessage message : messages) {
      bundle.begin(message.size());
      bundle.add(message.head);
      bundle.add(message.own);
      bundle.add(message.events);
    }
    return bundle.bytes();
  }

  private static final class Marshaller implements MethodDescriptor.Marshaller<List<WatchMessage>> {
    @Override
    public InputStream stream(List<WatchMessage> messages) {
      WatchMessage first = messages.getFirst();
      return messages.size() == 1
          ? new Encoded(List.of(first.lead, first.head, first.own, first.events))
          : new Encoded(List.of(bundle(messages)));
    }

    @Override
    public List<WatchMessage> parse(InputStream stream) {
      try {
        ByteString bytes = ByteString.readFrom(stream);
        return List.of(new WatchMessage(ByteString.EMPTY, ByteString.EMPTY, bytes));
      } catch (IOException e) {
        throw io.grpc.Status.INTERNAL.withCause(e).asRuntimeException();
      }
    }
  }

  /** The parts one after the other. gRPC can write them without a further copy. */
  private static final class Encoded extends InputStream implements Drainable, KnownLength {
    private final List<ByteString> parts;
    private final int size;
    private InputStream rest = InputStream.nullInputStream();
    private boolean drained;
    private boolean reading;

    Encoded(List<ByteString> parts) {
      this.parts = parts;
      this.size = parts.stream().mapToInt(ByteString::size).sum();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      drained = true;
      for (ByteString part : parts) {
        part.writeTo(target);
      }
      return size;
    }

    @Override
    public int available() throws IOException {
      return drained ? 0 : reading ? rest.available() : size;
    }

    private InputStream rest() {
      if (!reading) {
        reading = true;
        rest = new ByteArrayInputStream(ByteString.copyFrom(parts).toByteArray());
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
