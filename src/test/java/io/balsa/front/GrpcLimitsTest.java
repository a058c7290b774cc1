package io.balsa.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.budget.AnswerBudget;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrpcLimitsTest {
  private static final String HELLO = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
  private static final int MAX_CONCURRENT_STREAMS = 3;

  @Test
  void theMostStreamsAreTold() throws Exception {
    GrpcLimits limits =
        new GrpcLimits(7, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(20));
    FrontServer server =
        FrontServer.start(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(new TinyKv().bindService()),
            List.of(),
            new HttpRoutes(),
            FrontLimits.DEFAULT.withGrpc(limits),
            AnswerBudget.ofProcess());
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(10_000);
      socket.connect(server.addresses().getFirst());
      socket.getOutputStream().write(HELLO.getBytes(ISO_8859_1));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertThat(settings(in)).containsEntry(MAX_CONCURRENT_STREAMS, 7);
    } finally {
      server.stop(Duration.ZERO);
    }
  }

  private static Map<Integer, Integer> settings(DataInputStream in) throws IOException {
    int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
    in.skipNBytes(6);
    Map<Integer, Integer> settings = new HashMap<>();
    for (int read = 0; read < length; read += 6) {
      settings.put((int) in.readShort(), in.readInt());
    }
    return settings;
  }
}
