package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The pages and services for monitoring. */
class ServerPagesTest extends AtOneServer {
  @Test
  void grpcHealthServes() {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
  }

  @Test
  void reflectionListsTheServices() {
    BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    answers.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answers.add(ServerReflectionResponse.getDefaultInstance());
                  }

                  @Override
                  public void onCompleted() {}
                });
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    var services = take(answers).getListServicesResponse().getServiceList();
    assertThat(services)
        .extracting(ServiceResponse::getName)
        .contains("etcdserverpb.KV", "etcdserverpb.Watch", "v3lockpb.Lock");
    questions.onNext(
        ServerReflectionRequest.newBuilder().setFileContainingSymbol("etcdserverpb.Watch").build());
    assertThat(take(answers).getFileDescriptorResponse().getFileDescriptorProtoCount())
        .isPositive();
    questions.onCompleted();
  }

  private static ServerReflectionResponse take(BlockingQueue<ServerReflectionResponse> answers) {
    try {
      ServerReflectionResponse answer = answers.poll(10, TimeUnit.SECONDS);
      return answer == null ? ServerReflectionResponse.getDefaultInstance() : answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ServerReflectionResponse.getDefaultInstance();
    }
  }

  @Test
  void thePagesOfEtcdAreThere() throws IOException, InterruptedException {
    assertThat(get("/health")).isEqualTo("200 {\"health\":\"true\",\"reason\":\"\"}");
    assertThat(get("/livez?verbose")).isEqualTo("200 [+]serializable_read ok\nok\n");
    assertThat(get("/readyz?verbose"))
        .isEqualTo(
            """
            200 [+]data_corruption ok
            [+]serializable_read ok
            [+]linearizable_read ok
            [+]non_learner ok
            ok
            """);
    assertThat(get("/readyz/linearizable_read")).isEqualTo("200 ok\n");
    assertThat(get("/version"))
        .isEqualTo(
            "200 {\"etcdserver\":\""
                + EtcdVersion.SERVER
                + "\",\"etcdcluster\":\"3.6.0\",\"storage\":\"3.6.0\"}");
    assertThat(get("/nothing")).isEqualTo("404 404 page not found\n");
  }

  @Test
  void metricsHaveEtcdsNames() throws IOException, InterruptedException {
    put("metrics", "1");
    assertThat(get("/metrics"))
        .contains(
            "\netcd_server_has_leader 1.0\n",
            "\netcd_server_leader_changes_seen_total 1.0\n",
            "\netcd_server_proposals_committed_total ",
            "\netcd_server_proposals_applied_total ",
            "\netcd_server_proposals_pending ",
            "\netcd_server_proposals_failed_total ",
            "\netcd_server_quota_backend_bytes ",
            "\netcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} ",
            "\netcd_disk_backend_commit_duration_seconds_bucket{le=\"0.001\"} ",
            "\netcd_mvcc_db_total_size_in_bytes ",
            "\netcd_mvcc_db_total_size_in_use_in_bytes ",
            "\netcd_network_client_grpc_received_bytes_total ",
            "\netcd_network_client_grpc_sent_bytes_total ",
            "\nprocess_cpu_seconds_total ",
            "\nprocess_start_time_seconds ",
            "\nprocess_resident_memory_bytes ",
            "\nprocess_open_fds ",
            "grpc_server_started_total{grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",",
            "grpc_code=\"OK\",grpc_method=\"Put\"",
            "grpc_server_handling_seconds_bucket{grpc_method=\"Put\"")
        .doesNotContain("etcd_disk_wal_fsync_duration_seconds_count 0\n");
  }

  @Test
  void eventsSentTogetherAreCountedOneByOne() throws IOException, InterruptedException {
    BlockingQueue<WatchResponse> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> watches =
        WatchGrpc.newStub(channel).watch(OpenCall.into(told::add));
    var create = WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("together"));
    for (int i = 0; i < 3; i++) {
      watches.onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
      assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull();
    }
    put("together", "1");
    for (int i = 0; i < 3; i++) {
      assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(get("/metrics"))
        .contains(
            "grpc_server_msg_sent_total{grpc_method=\"Watch\","
                + "grpc_service=\"etcdserverpb.Watch\",grpc_type=\"bidi_stream\"} 6.0\n");
    watches.onCompleted();
  }

  @Test
  void aFormOfAWebPageWritesNothing() throws IOException, InterruptedException {
    String put = "{\"key\":\"Zm9ybQ==\",\"value\":\"MQ==\"}";
    assertThat(
            ask(
                "/v3/kv/put",
                HttpRequest.newBuilder()
                    .header("Origin", "http://evil.example")
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString(put))))
        .startsWith("403 {\"code\":7,\"message\":\"balsa: requests of the web page");
    assertThat(kv().range(range("form")).getCount()).isZero();
  }

  /** etcd's documentation uses curl -d, which sends this content type. */
  @Test
  void curlWritesWithoutAnyHeader() throws IOException, InterruptedException {
    String put = "{\"key\":\"Y3VybA==\",\"value\":\"MQ==\"}";
    assertThat(
            ask(
                "/v3/kv/put",
                HttpRequest.newBuilder()
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(put))))
        .startsWith("200 ");
  }

  @Test
  void everyMethodGetsTheMetricsButOnlyGetThePages() throws IOException, InterruptedException {
    assertThat(post("/metrics", "")).startsWith("200 # HELP ");
    for (String page : List.of("/health", "/livez", "/readyz/non_learner", "/version")) {
      assertThat(post(page, "")).as(page).isEqualTo("405 Method Not Allowed\n");
    }
  }

  @Test
  void checksAreCounted() throws IOException, InterruptedException {
    String sample =
        "etcd_server_healthchecks_total{name=\"non_learner\",status=\"success\",type=\"readyz\"} ";
    double before =
        new Exposition(get("/metrics").substring("200 ".length())).value(sample.strip());
    assertThat(get("/readyz")).startsWith("200");
    assertThat(get("/metrics")).contains(sample + (before + 1) + "\n");
    assertThat(get("/metrics"))
        .contains(
            "etcd_server_healthcheck{name=\"non_learner\",type=\"readyz\"} 1.0\n",
            "# TYPE etcd_server_health_success counter\netcd_server_health_success ");
  }
}
