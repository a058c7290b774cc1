package io.balsa.client;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.balsa.routing.ClusterView;
import io.balsa.routing.LeaderView;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SharesCores
@Timeout(30)
class ClusterMonitorTest {
  private final BlockingQueue<ClusterView> changes = new LinkedBlockingQueue<>();
  private ScriptedCluster cluster;
  private Endpoints endpoints;
  private ClusterMonitor watch;

  @BeforeEach
  void open() throws Exception {
    cluster = ScriptedCluster.of(30, -7, 20);
    endpoints = new Endpoints(cluster.addresses(), 1);
    watch = new ClusterMonitor(endpoints, Metadata::new);
    watch.begin((_, now) -> changes.add(now));
    await(now -> now.leads() && now.voters().size() == 3);
  }

  @AfterEach
  void close() {
    watch.close();
    endpoints.close();
    cluster.close();
  }

  private ClusterView await(Predicate<ClusterView> hoped) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < until) {
      ClusterView now = changes.poll(100, TimeUnit.MILLISECONDS);
      if (now != null && hoped.test(now)) {
        return now;
      }
    }
    throw new AssertionError("never came; known at last: " + watch.cluster());
  }

  @Test
  void leaderVotersAndPlacesAreLearnt() {
    assertThat(watch.cluster().view()).isEqualTo(new LeaderView(2, 30, false));
    assertThat(watch.cluster().voters()).containsExactly(20L, 30L, -7L);
    assertThat(watch.cluster().followers()).containsExactly(20L, -7L);
    for (ScriptedServer server : cluster.servers()) {
      Endpoint place = watch.endpoint(server.id());
      assertThat(place).isNotNull();
      assertThat(place.address()).isEqualTo(server.address());
    }
  }

  @Test
  void aNewLeaderIsFoundWhenTheOldOneDies() throws Exception {
    cluster.server(30).kill();
    await(now -> !now.leads());
    cluster.lead(20);

    assertThat(await(ClusterView::leads).view().leader()).isEqualTo(20);
  }

  @Test
  void aLeaderThatAnAnswerNamesIsTakenAtOnce() throws Exception {
    cluster.lead(-7);
    watch.heard(20, cluster.term(), -7);

    await(now -> now.view().leader() == -7);
  }

  @Test
  void anAnswerOfANewerTermHasTheServersAsked() throws Exception {
    cluster.lead(20);
    watch.heard(-7, cluster.term(), 0);

    await(now -> now.view().leader() == 20);
  }

  @Test
  void aServerThatAnswersNothingIsSilentUntilItSpeaks() throws Exception {
    cluster.server(20).behave(ScriptedServer.Behaviour.HANGS);
    await(now -> now.silent().contains(20L));

    cluster.server(20).kill();
    cluster.server(20).restart();
    await(now -> !now.silent().contains(20L));
  }

  @Test
  void aSilentLeaderDoesNotLead() throws Exception {
    cluster.server(30).behave(ScriptedServer.Behaviour.HANGS);
    await(now -> !now.leads());
    cluster.lead(20);

    assertThat(await(ClusterView::leads).view().leader()).isEqualTo(20);
  }

  @Test
  void aLeaderThatLostItsMajorityDoesNotLeadUntilItSaysSo() throws Exception {
    cluster.server(30).cutOff(true);
    await(now -> !now.leads());
    cluster.server(30).cutOff(false);

    assertThat(await(ClusterView::leads).view()).isEqualTo(new LeaderView(2, 30, false));
  }

  @Test
  void aLeaderWhoseConnectionBrokeIsBackByItsOwnWord() throws Exception {
    cluster.server(30).kill();
    await(now -> !now.leads());
    cluster.server(30).restart();

    assertThat(await(ClusterView::leads).view()).isEqualTo(new LeaderView(2, 30, false));
  }

  @Test
  void aServerThatIsDownFromTheStartHasItsPlaceByTheMemberList() throws Exception {
    cluster.server(20).kill();
    try (Endpoints others = new Endpoints(cluster.addresses(), 1)) {
      ClusterMonitor late = new ClusterMonitor(others, Metadata::new);
      late.begin((_, now) -> changes.add(now));
      await(_ -> late.endpoint(20) != null);
      late.close();
    }
  }

  @Test
  void aClusterBegunAnewIsFollowedInItsLowerTerm() throws Exception {
    cluster.close();
    await(now -> !now.leads());
    try (ScriptedCluster anew = ScriptedCluster.of(4)) {
      watch.heard(4, 1, 4);
      await(now -> now.view().equals(LeaderView.NONE));
      assertThat(anew.term()).isEqualTo(2);
    }
  }

  @Test
  void aMemberThatKnowsNoLeaderIsUnfitUntilItDoes() throws Exception {
    cluster.server(20).cutOff(true);
    await(now -> now.unfit().equals(List.of(20L)));

    cluster.server(20).cutOff(false);
    await(now -> now.unfit().isEmpty());
  }

  @Test
  void aMemberThatIsSecondsBehindIsUnfitUntilItHasCaughtUp() throws Exception {
    cluster.server(20).behind(10_000);
    await(now -> now.unfit().equals(List.of(20L)));

    cluster.server(20).behind(0);
    await(now -> now.unfit().isEmpty());
  }

  @Test
  void membersAreLearntFromOneOfThem() throws Exception {
    try (Endpoints one = new Endpoints(List.of(cluster.server(20).address()), 1)) {
      ClusterMonitor learning = new ClusterMonitor(one, Metadata::new);
      learning.begin((_, now) -> changes.add(now));
      await(_ -> learning.endpoint(30) != null && learning.endpoint(-7) != null);
      assertThat(one.all()).hasSize(3);
      learning.close();
    }
  }

  @Test
  void aServerThatWantsAUserIsAliveAndTellsNothing() throws Exception {
    for (Status refusal :
        List.of(
            Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty"),
            Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token"),
            Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"))) {
      ScriptedServer server = cluster.server(20);
      server.behave(ScriptedServer.Behaviour.HANGS);
      await(now -> now.silent().contains(20L));
      server.refuseToTell(refusal);
      server.kill();
      server.restart();
      await(now -> !now.silent().contains(20L));
      until(() -> watch.untold() != null);
      assertThat(watch.untold()).isSameAs(watch.endpoint(20));
      assertThat(watch.failures()).isEmpty();
      assertThat(watch.cluster().view()).isEqualTo(new LeaderView(2, 30, false));

      server.refuseToTell(null);
      until(() -> watch.untold() == null);
    }
  }

  @Test
  void anyOtherRefusalIsAFailure() throws Exception {
    cluster.server(20).refuseToTell(Status.INVALID_ARGUMENT.withDescription("etcdserver: other"));
    until(() -> !watch.failures().isEmpty());
    assertThat(watch.untold()).isNull();
  }

  @Test
  void theKnownLeaderStaysWhenUsersComeIntoForce() throws Exception {
    Status refusal = Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty");
    cluster.servers().forEach(each -> each.refuseToTell(refusal));
    until(() -> watch.untold() != null);
    assertThat(watch.cluster().leads()).isTrue();
    assertThat(watch.cluster().voters()).hasSize(3);
  }
}
