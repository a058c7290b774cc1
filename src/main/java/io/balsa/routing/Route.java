package io.balsa.routing;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/** The routes for one view of a cluster, computed once for all requests. */
public final class Route {
  private final ReadPolicy policy;
  private final List<Long> leader;
  private final List<Long> leaderFirst;
  private final List<List<Long>> readWays;

  /** Computes the routes of a policy. */
  public Route(ReadPolicy policy, ClusterView cluster) {
    this.policy = policy;
    this.leader = cluster.leads() ? List.of(cluster.view().leader()) : List.of();
    this.leaderFirst = usable(cluster, readWay(ReadPolicy.LEADER, cluster, 0));
    this.readWays = readWays(policy, cluster);
  }

  /**
   * The members to try, in this order. Empty when the request needs a leader and none is known.
   *
   * @param turn a number that grows with each request, for policies that take the followers in turn
   */
  public List<Long> targets(RequestKind request, int turn) {
    return switch (request) {
      case RequestKind.LeaderOnly _ -> leader;
      case RequestKind.LeaderPreferred _ -> leaderFirst;
      case RequestKind.RangeRead _ -> readWay(turn);
      case RequestKind.KeyRead(Bytes key) -> readWay(policy == ReadPolicy.KEY ? place(key) : turn);
    };
  }

  private List<Long> readWay(int number) {
    return readWays.get(Math.floorMod(number, readWays.size()));
  }

  /** The number by which a key chooses a follower: its last byte, 0 to 255. */
  static int place(Bytes key) {
    return key.isEmpty() ? 0 : key.at(key.size() - 1) & 0xff;
  }

  /** One route for each follower that can be first; one route when there is no choice. */
  private static List<List<Long>> readWays(ReadPolicy policy, ClusterView cluster) {
    List<List<Long>> ways = new ArrayList<>();
    int choices = Math.max(1, cluster.followers().size());
    for (int first = 0; first < choices; first++) {
      ways.add(usable(cluster, readWay(policy, cluster, first)));
    }
    return List.copyOf(ways);
  }

  private static List<Long> readWay(ReadPolicy policy, ClusterView cluster, int first) {
    return switch (policy) {
      case KEY, ROUND_ROBIN -> joined(followers(cluster, first), leader(cluster));
      case NEAREST -> joined(cluster.nearest(), joined(followers(cluster, first), leader(cluster)));
      case LEADER -> joined(leader(cluster), followers(cluster, first));
    };
  }

  private static List<Long> followers(ClusterView cluster, int first) {
    List<Long> followers = cluster.followers();
    return joined(followers.subList(first, followers.size()), followers.subList(0, first));
  }

  /** The last known leader. A lost leader may get a read when no other member answers. */
  private static List<Long> leader(ClusterView cluster) {
    long leader = cluster.view().leader();
    return cluster.voters().contains(leader) ? List.of(leader) : List.of();
  }

  /** Removes unfit members, unless all are unfit. Then puts silent members last. */
  private static List<Long> usable(ClusterView cluster, List<Long> targets) {
    List<Long> fit = new ArrayList<>(targets);
    fit.removeAll(cluster.unfit());
    List<Long> base = fit.isEmpty() ? targets : fit;
    List<Long> answering = new ArrayList<>(base);
    answering.removeAll(cluster.silent());
    return joined(answering, base);
  }

  /** The first list, then the members that only the second list has. */
  private static List<Long> joined(List<Long> first, List<Long> second) {
    List<Long> joined = new ArrayList<>(first);
    for (Long member : second) {
      if (!joined.contains(member)) {
        joined.add(member);
      }
    }
    return List.copyOf(joined);
  }
}
