package io.balsa.forms;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.balsa.proto.mvccpb.KeyValue;
import java.io.PrintWriter;

/**
 * Prints lines of text and of bytes. On a {@link RawWriter} bytes stay as they are; any other
 * writer, such as a terminal's, gets them decoded as UTF-8.
 */
public final class Lines {
  private static final ByteString END = ByteString.copyFromUtf8("\n");

  private final PrintWriter out;
  private final boolean hex;

  /**
   * @param hex whether keys and values are written as {@code \x6b}
   */
  public Lines(PrintWriter out, boolean hex) {
    this.out = out;
    this.hex = hex;
  }

  /** Whether ids and bytes are wanted in hexadecimal. */
  public boolean hex() {
    return hex;
  }

  /** A line of text. */
  public Lines line(String text) {
    return raw(RawText.bytes(text)).raw(END);
  }

  /** A line with a key or a value. */
  public Lines line(ByteString bytes) {
    return hex ? line(hexadecimal(bytes)) : raw(bytes).raw(END);
  }

  /** Bytes as they are, without an end of line. */
  public Lines raw(ByteString bytes) {
    if (out instanceof RawWriter binary) {
      binary.write(bytes);
    } else {
      out.print(bytes.toStringUtf8());
    }
    return this;
  }

  /** A line with the key, a line with the value. */
  public Lines keyAndValue(KeyValue kv) {
    return line(kv.getKey()).line(kv.getValue());
  }

  /** A message in the encoding of protobuf. */
  Lines encoded(Message message) {
    return raw(message.toByteString());
  }

  PrintWriter writer() {
    return out;
  }

  /** Makes what was printed visible. */
  public void flush() {
    out.flush();
  }

  private static String hexadecimal(ByteString bytes) {
    StringBuilder text = new StringBuilder(bytes.size() * 4);
    for (ByteString.ByteIterator each = bytes.iterator(); each.hasNext(); ) {
      int value = Byte.toUnsignedInt(each.nextByte());
      text.append("\\x")
          .append(Character.forDigit(value >> 4, 16))
          .append(Character.forDigit(value & 15, 16));
    }
    return text.toString();
  }
}
