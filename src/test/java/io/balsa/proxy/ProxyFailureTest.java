package io.balsa.proxy;

import static io.balsa.client.ScriptedServer.Behaviour.DIES;
import static io.balsa.client.ScriptedServer.Behaviour.HANGS;
import static io.balsa.client.ScriptedServer.Behaviour.UNAVAILABLE;
import static io.balsa.host.Until.until;
import static io.balsa.proxy.ProxiedCluster.LONG;
import static io.balsa.proxy.ProxiedCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.client.RequestFailed;
import io.balsa.client.ScriptedServer;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy before three servers that fail or change the leader. Server 1 leads at first. */
@Timeout(60)
class ProxyFailureTest {
  private ProxiedCluster proxied;

  @BeforeEach
  void open() throws Exception {
    proxied = new ProxiedCluster();
  }

  @AfterEach
  void close() {
    proxied.close();
  }

  @Test
  void aReadWhoseFollowerFailsGoesToTheNextAndToTheLeaderLast() throws Exception {
    proxied.cluster().server(2).behave(UNAVAILABLE);
    assertThat(proxied.readAt(0)).isEqualTo(3);

    proxied.cluster().server(3).kill();
    assertThat(proxied.readAt(0)).isEqualTo(1);
    assertThat(proxied.readAt(1)).isEqualTo(1);
  }

  @Test
  void aReadThatEndsServersReachesTwoOfThem() {
    proxied.cluster().servers().forEach(each -> each.behave(DIES));

    RequestFailed failed = failure(proxied.read(0));

    assertThat(failed.status().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(proxied.cluster().server(2).arrivals()).containsExactly("range k\0");
    assertThat(proxied.cluster().server(3).arrivals()).containsExactly("range k\0");
    assertThat(proxied.cluster().server(1).arrivals()).isEmpty();
  }

  @Test
  void aReadThatSilencesServersReachesTwoOfThem() {
    proxied.cluster().server(2).behave(HANGS);
    proxied.cluster().server(3).behave(HANGS);

    RequestFailed failed = failure(proxied.read(0));

    assertThat(failed.status().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(proxied.cluster().server(1).arrivals()).isEmpty();
  }

  @Test
  void aFollowerThatKnowsNoLeaderOrLagsGetsNoReadsUntilItIsWell() throws Exception {
    proxied.cluster().server(2).cutOff(true);
    until(() -> proxied.proxy().cluster().unfit().contains(2L));
    assertThat(proxied.readAt(0)).isEqualTo(3);
    proxied.cluster().server(3).behind(10_000);
    until(() -> proxied.proxy().cluster().unfit().contains(3L));
    assertThat(proxied.readAt(0)).isEqualTo(1);
    assertThat(proxied.readAt(1)).isEqualTo(1);

    proxied.cluster().server(2).cutOff(false);
    until(() -> proxied.readAt(0) == 2);
    proxied.cluster().server(3).behind(0);
    until(() -> proxied.readAt(1) == 3);
  }

  @Test
  void aReadThatNobodyServesFailsAsTheLastServerSaid() {
    proxied.cluster().servers().forEach(each -> each.behave(UNAVAILABLE));

    RequestFailed failed = failure(proxied.read(0));

    assertThat(failed).hasMessage("etcdserver: leader changed");
    assertThat(failed.status().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void aWriteThatArrivedIsNeverRepeated() {
    proxied.cluster().server(1).behave(DIES);

    RequestFailed failed = failure(proxied.put());

    assertThat(failed.status().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(failed).hasMessage("etcdserver: request timed out, possibly due to connection lost");
    assertThat(proxied.arrivals("put w")).isEqualTo(1);
  }

  @Test
  void manyWritesDuringALeadersDeathArriveOnceAtMost() throws Exception {
    List<CompletableFuture<PutResponse>> puts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      puts.add(proxied.put());
      if (i == 100) {
        proxied.cluster().server(1).behave(DIES);
      }
    }
    until(() -> puts.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
    proxied.cluster().lead(2);
    until(() -> puts.stream().allMatch(CompletableFuture::isDone));

    long answered = puts.stream().filter(each -> !each.isCompletedExceptionally()).count();
    assertThat(proxied.arrivals("put w")).isBetween((int) answered, 200);
  }

  @Test
  void aWriteWaitsForTheNextLeaderWhenTheOldOneIsGone() throws Exception {
    proxied.cluster().server(1).kill();
    until(() -> !proxied.proxy().serves());
    CompletableFuture<PutResponse> held = proxied.put();
    proxied.cluster().lead(3);

    assertThat(held.get().getHeader().getMemberId()).isEqualTo(3);
    assertThat(proxied.arrivals("put w")).isEqualTo(1);
  }

  @Test
  void writesGoToTheNewLeaderOnceAnAnswerSaysSo() throws Exception {
    proxied.cluster().lead(2);
    proxied.readAt(0);

    until(() -> proxied.proxy().serves());
    proxied.putAt();
    until(() -> proxied.putAt() == 2);
  }

  @Test
  void withoutALeaderAWriteFailsAfterSevenSecondsWithEtcdsWords() throws Exception {
    proxied.cluster().servers().forEach(ScriptedServer::kill);
    until(() -> !proxied.proxy().serves());
    long before = System.nanoTime();

    RequestFailed failed = failure(proxied.put());

    assertThat(failed).hasMessage("etcdserver: no leader");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(6_900), Duration.ofMillis(9_000));
  }

  @Test
  void aSilentFollowersReadsGoElsewhere() throws Exception {
    proxied.cluster().server(2).behave(HANGS);

    assertThat(proxied.readAt(0)).isEqualTo(3);
  }

  @Test
  void whatASilentLeaderHasFailsWhenAnotherLeads() throws Exception {
    proxied.cluster().server(1).behave(HANGS);
    CompletableFuture<PutResponse> stuck = proxied.put();
    until(() -> !proxied.proxy().serves());
    CompletableFuture<PutResponse> held = proxied.put();
    proxied.cluster().lead(2);

    assertThat(failure(stuck))
        .hasMessage("etcdserver: request timed out, possibly due to previous leader failure");
    assertThat(held.join().getHeader().getMemberId()).isEqualTo(2);
    assertThat(proxied.arrivals("put w")).isEqualTo(2);
  }

  @Test
  void theLeaderMovesThroughTheProxy() throws Exception {
    assertThat(status().getLeader()).isEqualTo(status().getHeader().getMemberId());
    proxied
        .client()
        .call(
            MaintenanceGrpc.getMoveLeaderMethod(),
            MoveLeaderRequest.newBuilder().setTargetID(3).build(),
            LONG)
        .get();

    until(() -> proxied.putAt() == 3);
    assertThat(status().getHeader().getMemberId()).isEqualTo(3);
  }

  private StatusResponse status() throws Exception {
    return proxied
        .client()
        .call(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), LONG)
        .get();
  }

  @Test
  void aLeaderThatMovedUnnoticedIsFoundByItsRefusal() throws Exception {
    proxied.cluster().lead(2);
    proxied
        .client()
        .call(
            MaintenanceGrpc.getMoveLeaderMethod(),
            MoveLeaderRequest.newBuilder().setTargetID(3).build(),
            LONG)
        .get();

    assertThat(proxied.cluster().leader()).isEqualTo(3);
  }
}
