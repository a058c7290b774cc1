package io.balsa.routing;

import static io.balsa.routing.ReadPolicy.KEY;
import static io.balsa.routing.ReadPolicy.LEADER;
import static io.balsa.routing.ReadPolicy.NEAREST;
import static io.balsa.routing.ReadPolicy.ROUND_ROBIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTest {
  private static final RequestKind LEADER_ONLY = new RequestKind.LeaderOnly();
  private static final RequestKind RANGE = new RequestKind.RangeRead();

  /** An id above 2^63: the largest as unsigned, although negative as a Java long. */
  private static final long HUGE = -5;

  private static ClusterView cluster(long leader, Long... voters) {
    return new ClusterView(
        List.of(voters), new LeaderView(3, leader, false), List.of(), List.of(), List.of());
  }

  private static RequestKind key(int... bytes) {
    return new RequestKind.KeyRead(Bytes.of(bytes));
  }

  private static List<Long> targets(ReadPolicy policy, ClusterView cluster, RequestKind request) {
    return new Route(policy, cluster).targets(request, 0);
  }

  @Test
  void aKeyIsReadAtTheFollowerOfItsLastByteForEveryByteSizeAndLeader() {
    for (int voters = 2; voters <= 7; voters++) {
      List<Long> ids = new ArrayList<>();
      for (long id = 1; id < voters; id++) {
        ids.add(id * 10);
      }
      ids.add(HUGE);
      for (Long leader : ids) {
        ClusterView cluster = cluster(leader, ids.toArray(Long[]::new));
        List<Long> followers = new ArrayList<>(ids);
        followers.remove(leader);
        for (int last = 0; last < 256; last++) {
          List<Long> targets = targets(KEY, cluster, key(7, last));
          assertThat(targets.getFirst()).isEqualTo(followers.get(last % followers.size()));
          assertThat(targets.getLast()).isEqualTo(leader);
          assertThat(targets).hasSize(voters).doesNotHaveDuplicates();
        }
      }
    }
  }

  @Test
  void theNextFollowersFollowInTheOrderOfTheirIdsAndTheLeaderIsLast() {
    ClusterView cluster = cluster(20, 10L, 20L, 30L, HUGE);

    assertThat(targets(KEY, cluster, key(0))).containsExactly(10L, 30L, HUGE, 20L);
    assertThat(targets(KEY, cluster, key(1))).containsExactly(30L, HUGE, 10L, 20L);
    assertThat(targets(KEY, cluster, key(2))).containsExactly(HUGE, 10L, 30L, 20L);
    assertThat(targets(KEY, cluster, key(0xff))).containsExactly(10L, 30L, HUGE, 20L);
  }

  @Test
  void theOrderDoesNotDependOnHowTheVotersWereListed() {
    assertThat(cluster(20, HUGE, 30L, 10L, 20L).followers()).containsExactly(10L, 30L, HUGE);
  }

  @Test
  void aSilentFollowerKeepsItsKeysButIsTriedLast() {
    ClusterView known = cluster(20, 10L, 20L, 30L);
    ClusterView silent =
        new ClusterView(known.voters(), known.view(), List.of(10L), List.of(), List.of());

    assertThat(targets(KEY, silent, key(0))).containsExactly(30L, 20L, 10L);
    assertThat(targets(KEY, silent, key(1))).containsExactly(30L, 20L, 10L);
  }

  @Test
  void anUnfitFollowerIsLeftOutUnlessAllAre() {
    ClusterView known = cluster(20, 10L, 20L, 30L);
    ClusterView unfit =
        new ClusterView(known.voters(), known.view(), List.of(), List.of(10L), List.of());
    LeaderView lost = new LeaderView(3, 20, true);
    List<Long> all = List.of(10L, 20L, 30L);

    assertThat(targets(KEY, unfit, key(0))).containsExactly(30L, 20L);
    assertThat(targets(KEY, unfit, key(1))).containsExactly(30L, 20L);
    assertThat(targets(KEY, new ClusterView(all, lost, List.of(), all, List.of()), key(1)))
        .containsExactly(30L, 10L, 20L);
  }

  @Test
  void rangesGoToTheFollowersInTurn() {
    Route route = new Route(KEY, cluster(20, 10L, 20L, 30L));

    assertThat(route.targets(RANGE, 0)).containsExactly(10L, 30L, 20L);
    assertThat(route.targets(RANGE, 1)).containsExactly(30L, 10L, 20L);
    assertThat(route.targets(RANGE, 2)).containsExactly(10L, 30L, 20L);
    assertThat(route.targets(RANGE, Integer.MIN_VALUE)).containsExactly(10L, 30L, 20L);
  }

  @Test
  void inTurnAKeyDoesNotMatter() {
    Route route = new Route(ROUND_ROBIN, cluster(20, 10L, 20L, 30L));

    assertThat(route.targets(key(0), 0)).containsExactly(10L, 30L, 20L);
    assertThat(route.targets(key(0), 1)).containsExactly(30L, 10L, 20L);
  }

  @Test
  void theLeaderPolicyReadsAtTheLeaderFirst() {
    ClusterView cluster = cluster(20, 10L, 20L, 30L);

    assertThat(targets(LEADER, cluster, key(1))).containsExactly(20L, 10L, 30L);
    assertThat(targets(LEADER, cluster, RANGE)).containsExactly(20L, 10L, 30L);
  }

  @Test
  void theNearestPolicyReadsWhereAnswersComeSoonest() {
    ClusterView known = cluster(20, 10L, 20L, 30L);
    ClusterView measured =
        new ClusterView(known.voters(), known.view(), List.of(), List.of(), List.of(20L, 99L, 30L));

    assertThat(targets(NEAREST, measured, key(0))).containsExactly(20L, 30L, 10L);
    assertThat(targets(NEAREST, known, key(0))).containsExactly(10L, 30L, 20L);
  }

  @Test
  void writesGoToTheLeaderAndNowhereElse() {
    for (ReadPolicy policy : ReadPolicy.values()) {
      assertThat(targets(policy, cluster(20, 10L, 20L, 30L), LEADER_ONLY)).containsExactly(20L);
    }
  }

  @Test
  void questionsAboutTheClusterGoToTheLeaderFirstWhateverThePolicy() {
    for (ReadPolicy policy : ReadPolicy.values()) {
      assertThat(targets(policy, cluster(20, 10L, 20L, 30L), new RequestKind.LeaderPreferred()))
          .containsExactly(20L, 10L, 30L);
    }
  }

  @Test
  void withoutALeaderThatAnswersAWriteHasNoTarget() {
    ClusterView lost =
        new ClusterView(
            List.of(1L, 2L), new LeaderView(3, 1, true), List.of(), List.of(), List.of());
    ClusterView silent =
        new ClusterView(
            List.of(1L, 2L), new LeaderView(3, 1, false), List.of(1L), List.of(), List.of());

    assertThat(targets(KEY, lost, LEADER_ONLY)).isEmpty();
    assertThat(targets(KEY, silent, LEADER_ONLY)).isEmpty();
    assertThat(targets(KEY, ClusterView.UNKNOWN, LEADER_ONLY)).isEmpty();
  }

  @Test
  void aReadStillTriesTheLostLeaderLast() {
    ClusterView lost =
        new ClusterView(
            List.of(1L, 2L, 3L), new LeaderView(3, 1, true), List.of(), List.of(), List.of());

    assertThat(targets(KEY, lost, key(0))).containsExactly(2L, 3L, 1L);
    assertThat(targets(KEY, ClusterView.UNKNOWN, key(0))).isEmpty();
  }

  @Test
  void aSingleServerTakesEverything() {
    for (ReadPolicy policy : ReadPolicy.values()) {
      assertThat(targets(policy, cluster(1, 1L), key(200))).containsExactly(1L);
      assertThat(targets(policy, cluster(1, 1L), RANGE)).containsExactly(1L);
    }
  }

  @Test
  void anEmptyKeyIsSentSomewhereToBeRefused() {
    assertThat(targets(KEY, cluster(20, 10L, 20L), key())).containsExactly(10L, 20L);
  }

  @Test
  void policiesHaveTheNamesOfTheFlag() {
    assertThat(ReadPolicy.values())
        .extracting(ReadPolicy::toString)
        .containsExactly("key", "round-robin", "nearest", "leader");
    assertThat(ReadPolicy.named("round-robin")).contains(ROUND_ROBIN);
    assertThat(ReadPolicy.named("random")).isEmpty();
  }
}
