package io.balsa.api;

import io.balsa.kv.Member;
import io.balsa.kv.Result;
import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.MemberAddRequest;
import io.balsa.proto.etcdserverpb.MemberAddResponse;
import io.balsa.proto.etcdserverpb.MemberListRequest;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.MemberPromoteRequest;
import io.balsa.proto.etcdserverpb.MemberPromoteResponse;
import io.balsa.proto.etcdserverpb.MemberRemoveRequest;
import io.balsa.proto.etcdserverpb.MemberRemoveResponse;
import io.balsa.proto.etcdserverpb.MemberUpdateRequest;
import io.balsa.proto.etcdserverpb.MemberUpdateResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** etcd's Cluster: who the members are. Changing them is not built yet. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {
  private static final StatusRuntimeException NO_CHANGES =
      NotBuilt.error("changes of the membership are", "");

  private final Node node;
  private final ToWire toWire;

  ClusterService(Node node, ToWire toWire) {
    this.node = node;
    this.toWire = toWire;
  }

  @Override
  public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
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
        MemberListResponse.newBuilder().setHeader(toWire.header(0, term));
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

  @Override
  public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> observer) {
    observer.onError(NO_CHANGES);
  }

  @Override
  public void memberRemove(
      MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> observer) {
    observer.onError(NO_CHANGES);
  }

  @Override
  public void memberUpdate(
      MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> observer) {
    observer.onError(NO_CHANGES);
  }

  @Override
  public void memberPromote(
      MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> observer) {
    observer.onError(NO_CHANGES);
  }
}
