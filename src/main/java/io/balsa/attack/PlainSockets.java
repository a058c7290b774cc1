package io.balsa.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.gson.JsonObject;
import io.balsa.bytes.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Connections without a protocol library: for unread JSON answers and for silent connections. */
final class PlainSockets {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int BUFFER_BYTES = 4_096;

  private PlainSockets() {}

  /** Connects and sends nothing. */
  static void connect(AttackRun run) {
    open(run, "");
  }

  /** Sends a JSON request and never reads the answer. */
  static void askUnread(AttackRun run, String path, String json) {
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ";
    open(run, head + json.length() + "\r\n\r\n" + json);
  }

  /** Sends a part of a body and no more of it. */
  static void beginBody(AttackRun run, String path, int bytes) {
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ";
    JsonObject body = new JsonObject();
    body.addProperty("key", "A".repeat(bytes));
    open(run, head + bytes + "\r\n\r\n" + body.toString().substring(0, bytes - 92));
  }

  private static void open(AttackRun run, String text) {
    HostPort address = run.address();
    Socket socket = run.socket();
    try {
      socket.setReceiveBufferSize(BUFFER_BYTES);
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
      socket.getOutputStream().write(text.getBytes(US_ASCII));
      run.tally().add("connected");
    } catch (IOException refused) {
      run.tally().add("connection refused: " + refused.getMessage());
    }
  }
}
