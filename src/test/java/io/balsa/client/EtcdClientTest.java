package io.balsa.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SharesCores
@Timeout(30)
class EtcdClientTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final PutRequest PUT =
      PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
  private static final RangeRequest RANGE =
      RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();

  private ScriptedCluster cluster;
  private EtcdClient client;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(1, 2, 3);
    client = EtcdClient.open(cluster.addresses());
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private CompletableFuture<PutResponse> put() {
    return client.call(KVGrpc.getPutMethod(), PUT, LONG);
  }

  private static RequestFailed failure(CompletableFuture<?> call) {
    Throwable thrown = catchThrowable(() -> call.get(20, TimeUnit.SECONDS));
    assertThat(thrown.getCause()).isInstanceOf(RequestFailed.class);
    return (RequestFailed) thrown.getCause();
  }

  @Test
  void aWriteIsAnswered() throws Exception {
    assertThat(put().get().getHeader().getRevision()).isEqualTo(2);
    assertThat(cluster.server(1).arrivals()).containsExactly("put k");
  }

  @Test
  void aWriteThatNeverLeftGoesToTheNextEndpoint() throws Exception {
    cluster.server(1).kill();

    assertThat(put().get().getHeader().getMemberId()).isEqualTo(2);
    assertThat(put().get().getHeader().getMemberId()).isEqualTo(2);
  }

  /** Servers that do not say that they understand names could perform the write twice. */
  @Test
  void aNamedWriteThatArrivedIsSentAgainOnlyToWhoRemembers() {
    cluster.server(1).behave(ScriptedServer.Behaviour.DIES);
    try (EtcdClient repeating = EtcdClient.repeating(cluster.addresses())) {
      RequestFailed failed = failure(repeating.call(KVGrpc.getPutMethod(), PUT, LONG));

      assertThat(failed.maybeDone()).isTrue();
      assertThat(cluster.server(1).arrivals()).containsExactly("put k");
      assertThat(cluster.server(2).arrivals()).isEmpty();
      assertThat(cluster.server(3).arrivals()).isEmpty();
    }
  }

  @Test
  void aWriteThatArrivedIsNeverSentAgain() {
    cluster.server(1).behave(ScriptedServer.Behaviour.DIES);

    RequestFailed failed = failure(put());

    assertThat(failed.maybeDone()).isTrue();
    assertThat(failed.status().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(cluster.server(1).arrivals()).containsExactly("put k");
    assertThat(cluster.server(2).arrivals()).isEmpty();
    assertThat(cluster.server(3).arrivals()).isEmpty();
  }

  @Test
  void aReadThatArrivedIsSentAgain() throws Exception {
    cluster.server(1).behave(ScriptedServer.Behaviour.DIES);
    cluster.server(2).behave(ScriptedServer.Behaviour.UNAVAILABLE);

    var answer = client.call(KVGrpc.getRangeMethod(), RANGE, LONG).get();

    assertThat(answer.getHeader().getMemberId()).isEqualTo(3);
  }

  @Test
  void whenNobodyIsThereAWriteIsKnownNotToBeDone() {
    cluster.close();

    RequestFailed failed = failure(put());

    assertThat(failed.maybeDone()).isFalse();
    assertThat(failed).hasMessageContaining("Connection refused");
  }

  @Test
  void aRequestThatTakesTooLongMayHaveBeenDone() {
    cluster.server(1).behave(ScriptedServer.Behaviour.HANGS);

    RequestFailed failed = failure(client.call(KVGrpc.getPutMethod(), PUT, Duration.ofMillis(200)));

    assertThat(failed.maybeDone()).isTrue();
    assertThat(failed.status().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void whatIsNotServedIsKnownNotToBeDone() {
    RequestFailed failed =
        failure(
            client.call(
                KVGrpc.getCompactMethod(),
                io.balsa.proto.etcdserverpb.CompactionRequest.getDefaultInstance(),
                LONG));

    assertThat(failed.maybeDone()).isFalse();
  }

  @Test
  void oneEndpointCanBeAskedByItself() throws Exception {
    for (Endpoint endpoint : client.endpoints()) {
      var status =
          client
              .callAt(
                  endpoint,
                  MaintenanceGrpc.getStatusMethod(),
                  StatusRequest.getDefaultInstance(),
                  LONG)
              .get();
      assertThat(cluster.server(status.getHeader().getMemberId()).address())
          .isEqualTo(endpoint.address());
    }
  }
}
