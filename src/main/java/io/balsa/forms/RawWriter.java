package io.balsa.forms;

import com.google.protobuf.ByteString;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * A writer of text that also takes bytes as they are. Text becomes bytes as {@link RawText} says,
 * whatever the locale. The output is buffered; {@code println} flushes it.
 */
public final class RawWriter extends PrintWriter {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Sink sink;

  public RawWriter(OutputStream out) {
    this(new Sink(new BufferedOutputStream(out, BUFFER_BYTES)));
  }

  private RawWriter(Sink sink) {
    super(sink, true);
    this.sink = sink;
  }

  /**
   * Writes bytes, without a flush.
   *
   * @throws UncheckedIOException when the output takes no more
   */
  void write(ByteString bytes) {
    try {
      bytes.writeTo(sink.out);
    } catch (IOException e) {
      throw new UncheckedIOException(sink.failed(e));
    }
  }

  /** Why the output took no more; null when it took everything. */
  public @Nullable IOException failure() {
    return sink.failure;
  }

  /** Encodes text. */
  private static final class Sink extends Writer {
    private final OutputStream out;
    private @Nullable IOException failure;

    Sink(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      write(new String(text, from, length));
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      write(text.substring(from, from + length));
    }

    @Override
    public void write(String text) throws IOException {
      try {
        RawText.bytes(text).writeTo(out);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        throw failed(e);
      }
    }

    IOException failed(IOException e) {
      failure = e;
      return e;
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
