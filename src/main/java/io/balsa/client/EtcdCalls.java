package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import io.balsa.proto.etcdserverpb.AuthDisableRequest;
import io.balsa.proto.etcdserverpb.AuthDisableResponse;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthEnableResponse;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleAddResponse;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteResponse;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetResponse;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.balsa.proto.etcdserverpb.AuthRoleListRequest;
import io.balsa.proto.etcdserverpb.AuthRoleListResponse;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.balsa.proto.etcdserverpb.AuthStatusRequest;
import io.balsa.proto.etcdserverpb.AuthStatusResponse;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddResponse;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordResponse;
import io.balsa.proto.etcdserverpb.AuthUserDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthUserDeleteResponse;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetResponse;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleResponse;
import io.balsa.proto.etcdserverpb.AuthUserListRequest;
import io.balsa.proto.etcdserverpb.AuthUserListResponse;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleResponse;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.CompactionResponse;
import io.balsa.proto.etcdserverpb.DefragmentRequest;
import io.balsa.proto.etcdserverpb.DefragmentResponse;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.HashKVResponse;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseLeasesRequest;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeResponse;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
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
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.MoveLeaderResponse;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.RangeStreamResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The calls of {@link EtcdClient} by name. Each follows the rules of {@link EtcdClient#call} and
 * has the timeout of this object. Its future fails with a {@link RequestFailed}.
 */
public final class EtcdCalls implements AutoCloseable {
  private final EtcdClient client;
  private final Duration timeout;

  /** Calls by a client, which is closed with this object. */
  public EtcdCalls(EtcdClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  /** Calls to servers at these addresses, at least one. */
  public static EtcdCalls open(List<HostPort> addresses, Duration timeout) {
    return new EtcdCalls(EtcdClient.open(addresses), timeout);
  }

  /** As {@link #open}; writes are repeated as {@link EtcdClient#repeating} does. */
  public static EtcdCalls repeating(List<HostPort> addresses, Duration timeout) {
    return new EtcdCalls(EtcdClient.repeating(addresses), timeout);
  }

  /** The same calls with another timeout. Closing one object closes both. */
  public EtcdCalls within(Duration other) {
    return new EtcdCalls(client, other);
  }

  /** KV's Put. */
  public CompletableFuture<PutResponse> put(PutRequest request) {
    return client.call(KVGrpc.getPutMethod(), request, timeout);
  }

  /** KV's Range. */
  public CompletableFuture<RangeResponse> range(RangeRequest request) {
    return client.call(KVGrpc.getRangeMethod(), request, timeout);
  }

  /**
   * KV's RangeStream: the parts of a range, each read when the caller asks for it. Must be closed.
   */
  public Answers<RangeStreamResponse> rangeStream(RangeRequest request) {
    return client.stream(KVGrpc.getRangeStreamMethod(), request);
  }

  /** KV's DeleteRange. */
  public CompletableFuture<DeleteRangeResponse> deleteRange(DeleteRangeRequest request) {
    return client.call(KVGrpc.getDeleteRangeMethod(), request, timeout);
  }

  /** KV's Txn. */
  public CompletableFuture<TxnResponse> txn(TxnRequest request) {
    return client.call(KVGrpc.getTxnMethod(), request, timeout);
  }

  /** KV's Compact. */
  public CompletableFuture<CompactionResponse> compact(CompactionRequest request) {
    return client.call(KVGrpc.getCompactMethod(), request, timeout);
  }

  /** Lease's LeaseGrant. */
  public CompletableFuture<LeaseGrantResponse> leaseGrant(LeaseGrantRequest request) {
    return client.call(LeaseGrpc.getLeaseGrantMethod(), request, timeout);
  }

  /** Lease's LeaseRevoke. */
  public CompletableFuture<LeaseRevokeResponse> leaseRevoke(LeaseRevokeRequest request) {
    return client.call(LeaseGrpc.getLeaseRevokeMethod(), request, timeout);
  }

  /** Lease's LeaseTimeToLive. */
  public CompletableFuture<LeaseTimeToLiveResponse> leaseTimeToLive(
      LeaseTimeToLiveRequest request) {
    return client.call(LeaseGrpc.getLeaseTimeToLiveMethod(), request, timeout);
  }

  /** Lease's LeaseLeases. */
  public CompletableFuture<LeaseLeasesResponse> leaseLeases() {
    return client.call(
        LeaseGrpc.getLeaseLeasesMethod(), LeaseLeasesRequest.getDefaultInstance(), timeout);
  }

  /** Maintenance's Status. */
  public CompletableFuture<StatusResponse> status() {
    return client.call(
        MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), timeout);
  }

  /** Maintenance's HashKV, at a revision; 0 for the newest. */
  public CompletableFuture<HashKVResponse> hashKv(long revision) {
    HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
    return client.call(MaintenanceGrpc.getHashKVMethod(), request, timeout);
  }

  /** Cluster's MemberList. */
  public CompletableFuture<MemberListResponse> memberList() {
    return client.call(
        ClusterGrpc.getMemberListMethod(), MemberListRequest.getDefaultInstance(), timeout);
  }

  /** As {@link #memberList()}; a serializable one needs no quorum and may be old. */
  public CompletableFuture<MemberListResponse> memberList(boolean linearizable) {
    MemberListRequest request =
        MemberListRequest.newBuilder().setLinearizable(linearizable).build();
    return client.call(ClusterGrpc.getMemberListMethod(), request, timeout);
  }

  /** Cluster's MemberAdd. */
  public CompletableFuture<MemberAddResponse> memberAdd(MemberAddRequest request) {
    return client.call(ClusterGrpc.getMemberAddMethod(), request, timeout);
  }

  /** Cluster's MemberRemove. */
  public CompletableFuture<MemberRemoveResponse> memberRemove(long id) {
    MemberRemoveRequest request = MemberRemoveRequest.newBuilder().setID(id).build();
    return client.call(ClusterGrpc.getMemberRemoveMethod(), request, timeout);
  }

  /** Cluster's MemberUpdate. */
  public CompletableFuture<MemberUpdateResponse> memberUpdate(MemberUpdateRequest request) {
    return client.call(ClusterGrpc.getMemberUpdateMethod(), request, timeout);
  }

  /** Cluster's MemberPromote. */
  public CompletableFuture<MemberPromoteResponse> memberPromote(long id) {
    MemberPromoteRequest request = MemberPromoteRequest.newBuilder().setID(id).build();
    return client.call(ClusterGrpc.getMemberPromoteMethod(), request, timeout);
  }

  /** Maintenance's Alarm. */
  public CompletableFuture<AlarmResponse> alarm(AlarmRequest request) {
    return client.call(MaintenanceGrpc.getAlarmMethod(), request, timeout);
  }

  /** Maintenance's Defragment. */
  public CompletableFuture<DefragmentResponse> defragment() {
    return client.call(
        MaintenanceGrpc.getDefragmentMethod(), DefragmentRequest.getDefaultInstance(), timeout);
  }

  /** Maintenance's MoveLeader. Only the leader obeys. */
  public CompletableFuture<MoveLeaderResponse> moveLeader(long target) {
    MoveLeaderRequest request = MoveLeaderRequest.newBuilder().setTargetID(target).build();
    return client.call(MaintenanceGrpc.getMoveLeaderMethod(), request, timeout);
  }

  /** Auth's AuthEnable. */
  public CompletableFuture<AuthEnableResponse> authEnable() {
    return client.call(
        AuthGrpc.getAuthEnableMethod(), AuthEnableRequest.getDefaultInstance(), timeout);
  }

  /** Auth's AuthDisable. */
  public CompletableFuture<AuthDisableResponse> authDisable() {
    return client.call(
        AuthGrpc.getAuthDisableMethod(), AuthDisableRequest.getDefaultInstance(), timeout);
  }

  /** Auth's AuthStatus. */
  public CompletableFuture<AuthStatusResponse> authStatus() {
    return client.call(
        AuthGrpc.getAuthStatusMethod(), AuthStatusRequest.getDefaultInstance(), timeout);
  }

  /** Auth's UserAdd. */
  public CompletableFuture<AuthUserAddResponse> userAdd(AuthUserAddRequest request) {
    return client.call(AuthGrpc.getUserAddMethod(), request, timeout);
  }

  /** Auth's UserGet. */
  public CompletableFuture<AuthUserGetResponse> userGet(AuthUserGetRequest request) {
    return client.call(AuthGrpc.getUserGetMethod(), request, timeout);
  }

  /** Auth's UserList. */
  public CompletableFuture<AuthUserListResponse> userList() {
    return client.call(
        AuthGrpc.getUserListMethod(), AuthUserListRequest.getDefaultInstance(), timeout);
  }

  /** Auth's UserDelete. */
  public CompletableFuture<AuthUserDeleteResponse> userDelete(AuthUserDeleteRequest request) {
    return client.call(AuthGrpc.getUserDeleteMethod(), request, timeout);
  }

  /** Auth's UserChangePassword. */
  public CompletableFuture<AuthUserChangePasswordResponse> userChangePassword(
      AuthUserChangePasswordRequest request) {
    return client.call(AuthGrpc.getUserChangePasswordMethod(), request, timeout);
  }

  /** Auth's UserGrantRole. */
  public CompletableFuture<AuthUserGrantRoleResponse> userGrantRole(
      AuthUserGrantRoleRequest request) {
    return client.call(AuthGrpc.getUserGrantRoleMethod(), request, timeout);
  }

  /** Auth's UserRevokeRole. */
  public CompletableFuture<AuthUserRevokeRoleResponse> userRevokeRole(
      AuthUserRevokeRoleRequest request) {
    return client.call(AuthGrpc.getUserRevokeRoleMethod(), request, timeout);
  }

  /** Auth's RoleAdd. */
  public CompletableFuture<AuthRoleAddResponse> roleAdd(AuthRoleAddRequest request) {
    return client.call(AuthGrpc.getRoleAddMethod(), request, timeout);
  }

  /** Auth's RoleGet. */
  public CompletableFuture<AuthRoleGetResponse> roleGet(AuthRoleGetRequest request) {
    return client.call(AuthGrpc.getRoleGetMethod(), request, timeout);
  }

  /** Auth's RoleList. */
  public CompletableFuture<AuthRoleListResponse> roleList() {
    return client.call(
        AuthGrpc.getRoleListMethod(), AuthRoleListRequest.getDefaultInstance(), timeout);
  }

  /** Auth's RoleDelete. */
  public CompletableFuture<AuthRoleDeleteResponse> roleDelete(AuthRoleDeleteRequest request) {
    return client.call(AuthGrpc.getRoleDeleteMethod(), request, timeout);
  }

  /** Auth's RoleGrantPermission. */
  public CompletableFuture<AuthRoleGrantPermissionResponse> roleGrantPermission(
      AuthRoleGrantPermissionRequest request) {
    return client.call(AuthGrpc.getRoleGrantPermissionMethod(), request, timeout);
  }

  /** Auth's RoleRevokePermission. */
  public CompletableFuture<AuthRoleRevokePermissionResponse> roleRevokePermission(
      AuthRoleRevokePermissionRequest request) {
    return client.call(AuthGrpc.getRoleRevokePermissionMethod(), request, timeout);
  }

  /** A watch. It begins with the first read. Must be closed. */
  public ResumingWatch watch(WatchCreateRequest request) {
    return new ResumingWatch(client, request);
  }

  /** Connects now to all endpoints without a connection, without gRPC's back-off. */
  public void connectNow() {
    client.endpoints().stream()
        .filter(endpoint -> !endpoint.connected())
        .forEach(Endpoint::connectNow);
  }

  /** Waits for the answer of a call. Must not run on an event loop. */
  public static <A> A await(CompletableFuture<A> call) throws RequestFailed {
    try {
      return call.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RequestFailed request) {
        throw request;
      }
      throw new IllegalStateException("a call fails only with RequestFailed", failed);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RequestFailed(Status.CANCELLED.withDescription("interrupted"), true);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
