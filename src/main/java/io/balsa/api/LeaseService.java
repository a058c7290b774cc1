package io.balsa.api;

import io.balsa.access.CallerSession;
import io.balsa.errors.EtcdError;
import io.balsa.model.Command;
import io.balsa.model.Lease;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesRequest;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeResponse;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.grpc.stub.StreamObserver;

/** etcd's Lease. */
final class LeaseService extends LeaseGrpc.LeaseImplBase {
  private final Node node;
  private final ToProto toProto;
  private final StoreMetrics metrics;

  LeaseService(Node node, ToProto toProto, StoreMetrics metrics) {
    this.node = node;
    this.toProto = toProto;
    this.metrics = metrics;
  }

  @Override
  public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> observer) {
    if (request.getTTL() > Lease.MAX_TTL) {
      observer.onError(EtcdError.LEASE_TTL_TOO_LARGE.exception());
    } else {
      node.grantLease(
          CallerSession.current().caller(),
          request.getID(),
          request.getTTL(),
          Reply.to(observer, Result.LeaseGrant.class, toProto::leaseGrant));
    }
  }

  @Override
  public void leaseRevoke(
      LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> observer) {
    CallRoom room = CallRoom.current();
    node.propose(
        CallerSession.current().caller(),
        new Command.LeaseRevoke(request.getID()),
        room,
        Reply.to(observer, room, Result.Done.class, toProto::leaseRevoke));
  }

  @Override
  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
      StreamObserver<LeaseKeepAliveResponse> observer) {
    return new KeepAliveStream(node, toProto, metrics, observer);
  }

  @Override
  public void leaseTimeToLive(
      LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> observer) {
    CallRoom room = CallRoom.current();
    node.timeToLive(
        CallerSession.current().caller(),
        request.getID(),
        request.getKeys(),
        room,
        Reply.to(observer, room, Result.LeaseTime.class, toProto::timeToLive));
  }

  @Override
  public void leaseLeases(
      LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> observer) {
    CallRoom room = CallRoom.current();
    node.leases(
        CallerSession.current().caller(),
        room,
        Reply.to(observer, room, Result.Leases.class, toProto::leases));
  }
}
