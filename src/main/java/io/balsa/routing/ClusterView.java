package io.balsa.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client knows of a cluster.
 *
 * @param voters the voters' member ids, ascending as unsigned numbers
 * @param view the leader
 * @param silent members that do not answer; they are tried last
 * @param unfit members that answer but cannot serve reads, because they know no leader or lag
 *     behind the commit index. They get no reads while another member can serve them
 * @param nearest members by their round-trip time, the shortest first; members that were not
 *     measured are missing
 */
public record ClusterView(
    List<Long> voters, LeaderView view, List<Long> silent, List<Long> unfit, List<Long> nearest) {
  /** Nothing known. */
  public static final ClusterView UNKNOWN =
      new ClusterView(List.of(), LeaderView.NONE, List.of(), List.of(), List.of());

  /** Sorts the voters, and removes other members from the nearest. */
  public ClusterView {
    voters = voters.stream().sorted(Long::compareUnsigned).toList();
    nearest = nearest.stream().filter(voters::contains).toList();
  }

  /** Whether a leader is known and answers. */
  public boolean leads() {
    return view.known() && !silent.contains(view.leader());
  }

  /** The voters except the last known leader, in their order, silent or not. */
  public List<Long> followers() {
    List<Long> followers = new ArrayList<>(voters);
    followers.remove((Object) view.leader());
    return followers;
  }
}
