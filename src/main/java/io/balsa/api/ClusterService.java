package io.balsa.api;

import io.balsa.errors.Unimplemented;
import io.balsa.model.Member;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** etcd's Cluster: lists the members. Changes of the membership are not implemented. */
final class ClusterService {
  private final Node node;
  private final ToProto toProto;

  ClusterService(Node node, ToProto toProto) {
    this.node = node;
    this.toProto = toProto;
  }

  ServerServiceDefinition define() {
    ServerServiceDefinition built =
        ServerServiceDefinition.builder(ClusterGrpc.SERVICE_NAME)
            .addMethod(
                ClusterGrpc.getMemberListMethod(), ServerCalls.asyncUnaryCall(this::memberList))
            .build();
    return Unimplemented.rest(
        ClusterGrpc.getServiceDescriptor(), built, "changes of the membership are");
  }

  private void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
    if (request.getLinearizable()) {
      node.barrier(Reply.to(observer, Result.Done.class, (_, term) -> members(term)));
    } else {
      Reply.send(observer, members(node.status().term()));
    }
  }

  /** etcd's answer, whose header has no revision. */
  private MemberListResponse members(long term) {
    NodeStatus status = node.status();
    List<Member> members = new ArrayList<>(status.members());
    members.sort((one, other) -> Long.compareUnsigned(one.id(), other.id()));
    MemberListResponse.Builder response =
        MemberListResponse.newBuilder().setHeader(toProto.header(0, term));
    members.forEach(member -> response.addMembers(member(member)));
    return response.build();
  }

  private static io.balsa.proto.etcdserverpb.Member member(Member member) {
    return io.balsa.proto.etcdserverpb.Member.newBuilder()
        .setID(member.id())
        .setName(member.name())
        .addAllPeerURLs(member.peerUrls())
        .addAllClientURLs(member.clientUrls())
        .setIsLearner(member.learner())
        .build();
  }
}
