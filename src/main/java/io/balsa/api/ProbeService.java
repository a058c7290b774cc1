package io.balsa.api;

import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.proto.balsapb.LookRequest;
import io.balsa.proto.balsapb.LookResponse;
import io.balsa.proto.balsapb.ProbeGrpc;
import io.grpc.stub.StreamObserver;

/** What a server tells everybody: which member it is, and who leads. */
final class ProbeService extends ProbeGrpc.ProbeImplBase {
  private final Node node;

  ProbeService(Node node) {
    this.node = node;
  }

  @Override
  public void look(LookRequest request, StreamObserver<LookResponse> observer) {
    NodeStatus status = node.status();
    Reply.send(
        observer,
        LookResponse.newBuilder()
            .setClusterId(status.clusterId())
            .setMemberId(node.memberId())
            .setLeader(status.leader())
            .setRaftTerm(status.term())
            .setCommittedIndex(status.commitIndex())
            .setAppliedIndex(status.applied())
            .setIsLearner(status.learner())
            .setCanServe(status.leader() != 0 && !status.learner())
            .build());
  }
}
