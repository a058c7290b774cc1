package io.balsa.server;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.PutRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The example of docs/embedding.md. */
final class EmbeddingExample {
  private EmbeddingExample() {}

  public static void main(String[] args) throws ServerFailure, RequestFailed {
    HostPort anyPort = new HostPort("127.0.0.1", 0);
    ServerSettings settings =
        ServerSettings.builder()
            .dataDirectory(Path.of(args[0]))
            .listenClients(List.of(anyPort))
            .listenPeers(List.of(anyPort))
            .onHalt(reason -> System.err.println("the server halted: " + reason))
            .build();
    try (BalsaServer server = BalsaServer.start(settings)) {
      HostPort address = new HostPort("127.0.0.1", server.clientAddress().getPort());
      try (EtcdCalls client = EtcdCalls.open(List.of(address), Duration.ofSeconds(5))) {
        PutRequest put =
            PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("greeting"))
                .setValue(ByteString.copyFromUtf8("hello"))
                .build();
        long revision = EtcdCalls.await(client.put(put)).getHeader().getRevision();
        System.out.println("written at revision " + revision);
      }
    }
  }
}
