package io.balsa.raft;

import java.util.ArrayList;
import java.util.List;

/** The answers in one election; each voter counts once, even if its answer comes twice. */
final class Votes {
  private final Configuration configuration;
  private final List<Long> granted = new ArrayList<>();
  private final List<Long> refused = new ArrayList<>();

  Votes(Configuration configuration) {
    this.configuration = configuration;
  }

  void count(long voter, boolean grant) {
    if (!hasAnswered(voter)) {
      (grant ? granted : refused).add(voter);
    }
  }

  boolean hasAnswered(long voter) {
    return granted.contains(voter) || refused.contains(voter);
  }

  boolean areWon() {
    return Quorum.reached(configuration, granted::contains);
  }

  boolean areLost() {
    return Quorum.lost(configuration, refused::contains);
  }
}
