package io.balsa.front;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** An HTTP/2 client that writes its frames itself, and reads only when a test says so. */
public final class RawHttp2 implements AutoCloseable {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;

  /** The largest length of a text in one byte. */
  private static final int SHORT_MAX = 127;

  private final Socket socket = new Socket();
  private final DataOutputStream out;
  private int nextStream = 1;

  /**
   * Connects.
   *
   * @param window how many bytes each stream may receive until the client grants more
   */
  public RawHttp2(InetSocketAddress server, int window) throws IOException {
    socket.setReceiveBufferSize(16 << 10);
    socket.connect(server);
    socket.setSoTimeout(20_000);
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    out.write(PREFACE.getBytes(US_ASCII));
    ByteArrayOutputStream settings = new ByteArrayOutputStream();
    DataOutputStream setting = new DataOutputStream(settings);
    setting.writeShort(INITIAL_WINDOW_SIZE);
    setting.writeInt(window);
    frame(SETTINGS, 0, 0, settings.toByteArray());
    frame(SETTINGS, ACK, 0, new byte[0]);
    out.flush();
  }

  /** Grants the connection more bytes. */
  public void grant(int bytes) throws IOException {
    ByteArrayOutputStream update = new ByteArrayOutputStream();
    new DataOutputStream(update).writeInt(bytes);
    frame(WINDOW_UPDATE, 0, 0, update.toByteArray());
    out.flush();
  }

  /** Sends the same frame many times. */
  public void frames(int times, int type, int flags, int stream, byte[] payload)
      throws IOException {
    for (int i = 0; i < times; i++) {
      frame(type, flags, stream, payload);
    }
    out.flush();
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >>> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /** Calls a method with a complete message. */
  public void call(String method, byte[] message) throws IOException {
    int stream = begin(method);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    DataOutputStream framed = new DataOutputStream(data);
    framed.writeByte(0);
    framed.writeInt(message.length);
    framed.write(message);
    frame(DATA, END_STREAM, stream, data.toByteArray());
    out.flush();
  }

  /** Begins a call without its message. */
  public int begin(String method) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    frame(HEADERS, END_HEADERS, stream, headers(method));
    return stream;
  }

  /**
   * Begins a call whose headers do not end.
   *
   * @param frames the number of further frames, each with a header
   * @param bytes the size of that header
   */
  public int beginWithoutEnd(String method, int frames, int bytes) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    frame(HEADERS, 0, stream, headers(method));
    for (int i = 0; i < frames; i++) {
      frame(CONTINUATION, 0, stream, header("x", "y".repeat(bytes)));
    }
    out.flush();
    return stream;
  }

  /** Ends headers of {@link #beginWithoutEnd}. */
  public void endHeaders(int stream) throws IOException {
    frame(CONTINUATION, END_HEADERS, stream, header("z", "z"));
    out.flush();
  }

  private static byte[] header(String name, String value) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, name, value);
    return block.toByteArray();
  }

  private static byte[] headers(String method) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", "/" + method);
    header(block, ":authority", "test");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    return block.toByteArray();
  }

  /** Sends a part of a call's messages. */
  public void data(int stream, byte[] part) throws IOException {
    frame(DATA, 0, stream, part);
    out.flush();
  }

  /** A header without compression. */
  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int rest = text.length() - SHORT_MAX;
    block.write(Math.min(text.length(), SHORT_MAX));
    for (; rest >= 128; rest /= 128) {
      block.write(rest % 128 + 128);
    }
    if (rest >= 0) {
      block.write(rest);
    }
    block.writeBytes(text.getBytes(US_ASCII));
  }

  /** Reads until the server closes, and returns the number of bytes. */
  public long readToEnd() throws IOException {
    byte[] buffer = new byte[64 << 10];
    long bytes = 0;
    try {
      for (int n = socket.getInputStream().read(buffer); n >= 0; ) {
        bytes += n;
        n = socket.getInputStream().read(buffer);
      }
    } catch (java.net.SocketException e) {
      return bytes; // a reset: the server closed with unread bytes
    }
    return bytes;
  }

  /** Whether the received bytes contain a text. */
  public boolean reads(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
      read.append((char) b);
      if (read.toString().endsWith(text)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
