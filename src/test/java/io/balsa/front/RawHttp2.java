package io.balsa.front;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client of HTTP/2 that writes its frames by hand, and reads only what a test tells it to. */
public final class RawHttp2 implements AutoCloseable {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;

  private final Socket socket = new Socket();
  private final DataOutputStream out;
  private int nextStream = 1;

  /**
   * Connects.
   *
   * @param window how many bytes each stream's answer may have before the client says more
   */
  public RawHttp2(InetSocketAddress server, int window) throws IOException {
    socket.setReceiveBufferSize(16 << 10);
    socket.connect(server);
    socket.setSoTimeout(20_000);
    out = new DataOutputStream(socket.getOutputStream());
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

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >>> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /** Calls a method with a whole message. */
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

  /** Begins a call; its message is to follow. */
  public int begin(String method) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", "/" + method);
    header(block, ":authority", "test");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    frame(HEADERS, END_HEADERS, stream, block.toByteArray());
    return stream;
  }

  /** Sends a part of a call's messages. */
  public void data(int stream, byte[] part) throws IOException {
    frame(DATA, 0, stream, part);
    out.flush();
  }

  /** A header without compression. */
  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(US_ASCII));
  }

  /** Reads on, and throws away, until the server closes; how many bytes that were. */
  public long readToEnd() throws IOException {
    byte[] buffer = new byte[64 << 10];
    long bytes = 0;
    try {
      for (int n = socket.getInputStream().read(buffer); n >= 0; ) {
        bytes += n;
        n = socket.getInputStream().read(buffer);
      }
    } catch (java.net.SocketException e) {
      return bytes; // reset: closed while there was more
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
