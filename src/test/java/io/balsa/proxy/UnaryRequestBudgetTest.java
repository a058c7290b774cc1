package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static io.balsa.proxy.DirectCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.bytes.Bytes;
import io.balsa.client.ScriptedCluster;
import io.balsa.client.ScriptedServer.Behaviour;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.rpc.BytesMarshaller;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Open requests take limited memory, and each call has one request. */
@Timeout(60)
class UnaryRequestBudgetTest {
  private static final int LARGE = 1 << 20;

  private final UnaryRequestBudget room = new UnaryRequestBudget(8 << 20);
  private final List<ClientCall<?, ?>> calls = new ArrayList<>();
  private ScriptedCluster cluster;
  private Proxy proxy;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(1);
    proxy =
        Proxy.start(
            ProxyConfig.of(cluster.addresses(), ProxiedCluster.ANY_PORT),
            room,
            AnswerBudget.ofProcess());
    channel = NettyChannelBuilder.forAddress(proxy.addresses().getFirst()).usePlaintext().build();
    until(() -> proxy.serves());
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    proxy.stop();
    cluster.close();
  }

  private CompletableFuture<Status> put(int bytes) {
    PutRequest put =
        PutRequest.newBuilder()
            .setKey(text("k"))
            .setValue(ByteString.copyFrom(new byte[bytes]))
            .build();
    return call(KVGrpc.getPutMethod(), put, 1);
  }

  private <Q, A> CompletableFuture<Status> call(
      MethodDescriptor<Q, A> method, Q message, int times) {
    ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT.withCompression("gzip"));
    CompletableFuture<Status> ended = new CompletableFuture<>();
    calls.add(call);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
          }
        },
        new Metadata());
    call.request(2);
    for (int i = 0; i < times; i++) {
      call.sendMessage(message);
    }
    call.halfClose();
    return ended;
  }

  private static Status of(CompletableFuture<Status> ended) throws Exception {
    return ended.get(20, TimeUnit.SECONDS);
  }

  @Test
  void largeOnesBeyondTheRoomAreRefusedAndSmallOnesAreNot() throws Exception {
    cluster.server(1).behave(Behaviour.HANGS);
    List<CompletableFuture<Status>> large = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      large.add(put(LARGE));
    }
    CompletableFuture<Status> small = put(15_000);
    CompletableFuture<Status> least = put(100);
    until(() -> arrivals() == LargeRequests.AT_ONCE + 2);
    until(() -> large.stream().filter(CompletableFuture::isDone).count() == 3);
    for (CompletableFuture<Status> refused : large.stream().filter(Future::isDone).toList()) {
      assertThat(of(refused).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(of(refused).getDescription()).contains("too many bytes of requests are under way");
    }
    assertThat(room.held()).isBetween(7L * LARGE + 15_000, 8L * LARGE + 15_100);
    assertThat(small).isNotDone();
    assertThat(least).isNotDone();

    calls.forEach(call -> call.cancel("enough", null));
    until(() -> room.held() == 0);
  }

  private long arrivals() {
    return cluster.server(1).arrivals().stream().filter("put k"::equals).count();
  }

  @Test
  void whatWasAnsweredTakesNoRoom() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(of(put(LARGE)).isOk()).isTrue();
      assertThat(of(put(10_000)).isOk()).isTrue();
    }
    until(() -> room.held() == 0);
  }

  @Test
  void aCallHasOneMessage() throws Exception {
    assertOneMessage(KVGrpc.getPutMethod());
    assertOneMessage(MaintenanceGrpc.getSnapshotMethod());
    assertThat(room.held()).isZero();
    assertThat(arrivals()).isZero();
  }

  private <Q, A> void assertOneMessage(MethodDescriptor<Q, A> method) throws Exception {
    MethodDescriptor<Bytes, Bytes> any =
        BytesMarshaller.raw(method).toBuilder().setType(MethodType.BIDI_STREAMING).build();
    Bytes message = Bytes.wrap(PutRequest.newBuilder().setKey(text("k")).build().toByteArray());

    Status none = of(call(any, message, 0));
    Status two = of(call(any, message, 2));

    assertThat(none.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(none.getDescription()).isEqualTo("Half-closed without a request");
    assertThat(two.getCode()).as("gRPC itself ends it").isEqualTo(Status.Code.CANCELLED);
  }
}
