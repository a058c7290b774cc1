package io.balsa.client;

import io.balsa.proto.balsapb.LookResponse;
import io.balsa.proto.etcdserverpb.StatusResponse;

/**
 * What a server says about itself and its cluster.
 *
 * @param leader the member id of the leader that it knows; 0 for none
 * @param committed the last index that it knows to be committed
 * @param applied the last index that it has applied
 * @param serves whether it can serve linearizable requests
 */
record Sighting(
    long member,
    long term,
    long leader,
    long committed,
    long applied,
    boolean learner,
    boolean serves) {
  static Sighting of(LookResponse look) {
    return new Sighting(
        look.getMemberId(),
        look.getRaftTerm(),
        look.getLeader(),
        look.getCommittedIndex(),
        look.getAppliedIndex(),
        look.getIsLearner(),
        look.getCanServe());
  }

  static Sighting of(StatusResponse status) {
    return new Sighting(
        status.getHeader().getMemberId(),
        status.getRaftTerm(),
        status.getLeader(),
        status.getRaftIndex(),
        status.getRaftAppliedIndex(),
        status.getIsLearner(),
        status.getLeader() != 0 && !status.getIsLearner());
  }
}
