package io.balsa.host;

import io.balsa.bytes.Bytes;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file, read and written by position. Reading is safe from any thread beside writing. */
public interface DiskFile extends Closeable {
  /** The length in bytes. */
  long size() throws IOException;

  /**
   * Reads until the buffer is full or the file ends.
   *
   * @return the bytes read, less than asked for only at the end of the file
   */
  int read(long position, ByteBuffer target) throws IOException;

  /**
   * Reads so many bytes.
   *
   * @throws EOFException when the file ends before
   */
  default Bytes readExactly(long position, int size) throws IOException {
    byte[] content = new byte[size];
    int length = read(position, ByteBuffer.wrap(content));
    if (length != size) {
      throw new EOFException(
          "a file ended while it was read: %d of %d bytes at %d".formatted(length, size, position));
    }
    return Bytes.wrap(content);
  }

  /** Writes all of the buffer; the file grows when the end is passed. */
  void write(long position, ByteBuffer source) throws IOException;

  /**
   * Makes the content durable, and the length. After a failure nothing is known about what was
   * written since the last one, and a second try proves nothing.
   */
  void force() throws IOException;

  /** Cuts the file to a length. */
  void truncate(long size) throws IOException;

  @Override
  void close() throws IOException;
}
