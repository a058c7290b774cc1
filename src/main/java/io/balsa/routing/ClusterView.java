package io.balsa.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of a cluster.
 *
 * @param voters the voters' member ids, ascending as unsigned numbers
 * @param view the leader
 * @param silent members that do not answer, tried last
 * @param unfit members that answer but cannot serve reads: they know no leader, or have applied
 *     little of what is committed. They get none while anybody else can
 * @param nearest members by how soon they answer, the soonest first; those not measured are missing
 */
public record ClusterView(
    List<Long> voters, LeaderView view, List<Long> silent, List<Long> unfit, List<Long> nearest) {
  /** Nothing known. */
  public static final ClusterView UNKNOWN =
      new ClusterView(List.of(), LeaderView.NONE, List.of(), List.of(), List.of());

  /** With the voters put in their order, and nobody but voters among the nearest. */
  public ClusterView {
    voters = voters.stream().sorted(Long::compareUnsigned).toList();
    nearest = nearest.stream().filter(voters::contains).toList();
  }

  /** Whether there is a leader, and it answers. */
  public boolean leads() {
    return view.known() && !silent.contains(view.leader());
  }

  /** The voters other than the leader last heard of, in their order, healthy or not. */
  public List<Long> followers() {
    List<Long> followers = new ArrayList<>(voters);
    followers.remove((Object) view.leader());
    return followers;
  }
}
