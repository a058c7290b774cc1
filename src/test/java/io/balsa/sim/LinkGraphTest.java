package io.balsa.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Clusters in which some directions are cut for good. A server with links to a majority in both
 * directions must lead within ten election timeouts, and then no term changes for a hundred.
 */
@SharesCores
class LinkGraphTest {
  private static final long TIMEOUT_NANOS = 200_000_000;

  /** One direction. */
  private record Arrow(int from, int to) {}

  private static final List<Arrow> ARROWS =
      List.of(
          new Arrow(1, 2),
          new Arrow(2, 1),
          new Arrow(1, 3),
          new Arrow(3, 1),
          new Arrow(2, 3),
          new Arrow(3, 2));

  @Test
  void everyGraphOfThreeWithAConnectedMajority() {
    for (int mask = 0; mask < 64; mask++) {
      int cuts = mask;
      boolean connected = (cuts & 3) == 0 || (cuts & 12) == 0 || (cuts & 48) == 0;
      if (connected) {
        BiPredicate<Integer, Integer> isCut =
            (from, to) -> ((cuts >> ARROWS.indexOf(new Arrow(from, to))) & 1) == 1;
        hold(3, isCut, "cuts " + Integer.toBinaryString(cuts));
      }
    }
  }

  @Test
  void everyPartialPartitionOfOneInFive() {
    for (int one = 1; one <= 5; one++) {
      for (int others = 0; others < 32; others++) {
        int alone = one;
        int side = others;
        if (((others >> (one - 1)) & 1) == 0) {
          String name = one + " apart from " + Integer.toBinaryString(others);
          hold(5, (from, to) -> isBetween(alone, side, from, to), name);
          hold(5, (from, to) -> from == alone && isBetween(alone, side, from, to), name + " out");
          hold(5, (from, to) -> to == alone && isBetween(alone, side, from, to), name + " in");
        }
      }
    }
  }

  private static boolean isBetween(int one, int others, int from, int to) {
    return (from == one && ((others >> (to - 1)) & 1) == 1)
        || (to == one && ((others >> (from - 1)) & 1) == 1);
  }

  /** With directions cut from the start, and after the cluster had a leader. */
  private static void hold(int count, BiPredicate<Integer, Integer> isCut, String name) {
    new Graph(count).hold(isCut, 0, name + " from the start");
    new Graph(count).hold(isCut, 10 * TIMEOUT_NANOS, name + " after a calm start");
  }

  /** Servers and the directions between them. */
  private static final class Graph {
    private final World world = new World(new Trace(null), (_, _) -> {});
    private final SimDice dice = new SimDice(17);
    private final SimNetwork network = new SimNetwork(world, dice.split(), (_, _, _, _) -> {});
    private final Map<Long, SimServer> servers = new TreeMap<>();

    Graph(int count) {
      Simulate.quiet();
      Scenario scenario = Scenario.plain(count);
      LongStream.rangeClosed(1, count)
          .forEach(
              id ->
                  servers.put(
                      id, new SimServer(world, network, scenario, id, dice.split(), _ -> {})));
    }

    void hold(BiPredicate<Integer, Integer> isCut, long cutAt, String name) {
      servers.values().forEach(SimServer::start);
      world.runUntil(cutAt);
      for (int from = 1; from <= servers.size(); from++) {
        for (int to = 1; to <= servers.size(); to++) {
          if (from != to && isCut.test(from, to)) {
            network.way(from, to).cut();
          }
        }
      }
      world.runUntil(cutAt + 10 * TIMEOUT_NANOS);
      NodeStatus leader = leader();
      assertThat(leader).as("a leader soon with " + name).isNotNull();
      assertThat(world.broken()).isNull();
      long term = newestTerm();
      world.runUntil(world.now() + 100 * TIMEOUT_NANOS);
      assertThat(newestTerm()).as("the term later with " + name).isEqualTo(term);
      assertThat(leader()).as("a leader later with " + name).isNotNull();
    }

    private @Nullable NodeStatus leader() {
      for (SimServer server : servers.values()) {
        NodeStatus status = statusOf(server);
        long active =
            status.raft().followers().stream().filter(follower -> follower.active()).count();
        if (status.leader() == server.id() && 1 + active > servers.size() / 2) {
          return status;
        }
      }
      return null;
    }

    private long newestTerm() {
      return servers.values().stream().mapToLong(server -> statusOf(server).term()).max().orElse(0);
    }

    private static NodeStatus statusOf(SimServer server) {
      Node node = server.node();
      assertThat(node).as("every server is up").isNotNull();
      return java.util.Objects.requireNonNull(node).status();
    }
  }
}
