package io.balsa.server;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.logging.LogWatch;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.rpc.BytesMarshaller;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages of gRPC that are not protobuf: each call fails, and the log has one line for all. */
@Timeout(60)
class MalformedMessagesTest {
  /** The first field says that it has 127 bytes, and none follows. */
  private static final Bytes MALFORMED = Bytes.of(0x0a, 0x7f);

  private static final int CALLS = 200;
  private static final LogWatch LOG = new LogWatch("");

  @TempDir private static Path root;
  private static BalsaServer server;
  private static HostPort address;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws Exception {
    server = BalsaServer.start(Loopback.alone(root.resolve("data")).build());
    address = Loopback.address(server);
    channel = NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
    until(() -> server.leader() != 0);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
    LOG.close();
  }

  @Test
  void eachCallFailsAndOneLineIsLogged() throws Exception {
    for (int i = 0; i < CALLS; i++) {
      assertUnreadable(unary(BytesMarshaller.raw(KVGrpc.getPutMethod())));
      assertUnreadable(stream(BytesMarshaller.raw(WatchGrpc.getWatchMethod())));
    }

    assertThat(counted()).isEqualTo(2 * CALLS);
    assertThat(LOG.with("a call failed: its message was malformed"))
        .as("the others are counted for a line at the end of the minute")
        .hasSize(1);
    assertThat(LOG.lines()).noneMatch(line -> line.contains("\n"));
  }

  /** The code of etcd. */
  private static void assertUnreadable(Status status) {
    assertThat(status.getCode()).as("%s", status).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getDescription()).isEqualTo("Invalid protobuf byte sequence");
  }

  private static Status unary(MethodDescriptor<Bytes, Bytes> method) {
    try {
      ClientCalls.blockingUnaryCall(channel, method, options(), MALFORMED);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static Status stream(MethodDescriptor<Bytes, Bytes> method) throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();
    StreamObserver<Bytes> answers =
        new StreamObserver<>() {
          @Override
          public void onNext(Bytes answer) {}

          @Override
          public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
          }

          @Override
          public void onCompleted() {
            end.complete(Status.OK);
          }
        };
    ClientCalls.asyncBidiStreamingCall(channel.newCall(method, options()), answers)
        .onNext(MALFORMED);
    return end.get(20, TimeUnit.SECONDS);
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static int counted() throws IOException, InterruptedException {
    String sample = "balsa_client_faults_total{kind=\"failed_call\"} ";
    URI page = URI.create("http://" + address + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String line =
          client
              .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
              .body()
              .lines()
              .filter(each -> each.startsWith(sample))
              .findFirst()
              .orElseThrow();
      return (int) Double.parseDouble(line.substring(sample.length()));
    }
  }
}
