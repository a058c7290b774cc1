package io.balsa.front;

import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.grpc.MethodDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which path of etcd's JSON gateway calls which RPC. As in etcd, RangeStream has no path. */
final class GatewayPaths {
  private GatewayPaths() {}

  /** The RPC of each path. The paths are without {@code /v3/}. */
  static Map<String, MethodDescriptor<?, ?>> all() {
    Map<String, MethodDescriptor<?, ?>> paths = new LinkedHashMap<>();
    store(paths);
    lease(paths);
    cluster(paths);
    maintenance(paths);
    users(paths);
    roles(paths);
    concurrency(paths);
    return paths;
  }

  private static void store(Map<String, MethodDescriptor<?, ?>> paths) {
    paths.put("kv/range", KVGrpc.getRangeMethod());
    paths.put("kv/put", KVGrpc.getPutMethod());
    paths.put("kv/deleterange", KVGrpc.getDeleteRangeMethod());
    paths.put("kv/txn", KVGrpc.getTxnMethod());
    paths.put("kv/compaction", KVGrpc.getCompactMethod());
    paths.put("watch", WatchGrpc.getWatchMethod());
  }

  private static void lease(Map<String, MethodDescriptor<?, ?>> paths) {
    paths.put("lease/grant", LeaseGrpc.getLeaseGrantMethod());
    paths.put("lease/revoke", LeaseGrpc.getLeaseRevokeMethod());
    paths.put("kv/lease/revoke", LeaseGrpc.getLeaseRevokeMethod());
    paths.put("lease/keepalive", LeaseGrpc.getLeaseKeepAliveMethod());
    paths.put("lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod());
    paths.put("kv/lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod());
    paths.put("lease/leases", LeaseGrpc.getLeaseLeasesMethod());
    paths.put("kv/lease/leases", LeaseGrpc.getLeaseLeasesMethod());
  }

  private static void cluster(Map<String, MethodDescriptor<?, ?>> paths) {
    paths.put("cluster/member/add", ClusterGrpc.getMemberAddMethod());
    paths.put("cluster/member/remove", ClusterGrpc.getMemberRemoveMethod());
    paths.put("cluster/member/update", ClusterGrpc.getMemberUpdateMethod());
    paths.put("cluster/member/list", ClusterGrpc.getMemberListMethod());
    paths.put("cluster/member/promote", ClusterGrpc.getMemberPromoteMethod());
  }

  private static void maintenance(Map<String, MethodDescriptor<?, ?>> paths) {
    paths.put("maintenance/alarm", MaintenanceGrpc.getAlarmMethod());
    paths.put("maintenance/status", MaintenanceGrpc.getStatusMethod());
    paths.put("maintenance/defragment", MaintenanceGrpc.getDefragmentMethod());
    paths.put("maintenance/hash", MaintenanceGrpc.getHashMethod());
    paths.put("maintenance/hashkv", MaintenanceGrpc.getHashKVMethod());
    paths.put("maintenance/snapshot", MaintenanceGrpc.getSnapshotMethod());
    paths.put("maintenance/transfer-leadership", MaintenanceGrpc.getMoveLeaderMethod());
    paths.put("maintenance/downgrade", MaintenanceGrpc.getDowngradeMethod());
  }

  private static void users(Map<String, MethodDescriptor<?, ?>> paths) {
    paths.put("auth/enable", AuthGrpc.getAuthEnableMethod());
    paths.put("auth/disable", AuthGrpc.getAuthDisableMethod());
    paths.put("auth/status", AuthGrpc.getAuthStatusMethod());
    paths.put("auth/authenticate", AuthGrpc.getAuthenticateMethod());
    paths.put("auth/user/add", AuthGrpc.getUserAddMethod());
    paths.put("auth/user/get", AuthGrpc.getUserGetMethod());
    paths.put("auth/user/list", AuthGrpc.getUserListMethod());
    paths.put("auth/user/delete", AuthGrpc.getUserDeleteMethod());
    paths.put("auth/user/changepw", AuthGrpc.getUserChangePasswordMethod());
    paths.put("auth/user/grant", AuthGrpc.getUserGrantRoleMethod());
    paths.put("auth/user/revoke", AuthGrpc.getUserRevokeRoleMethod());
  }

  private static void roles(Map<String, MethodDescriptor<?, ?>> paths) {
    paths.put("auth/role/add", AuthGrpc.getRoleAddMethod());
    paths.put("auth/role/get", AuthGrpc.getRoleGetMethod());
    paths.put("auth/role/list", AuthGrpc.getRoleListMethod());
    paths.put("auth/role/delete", AuthGrpc.getRoleDeleteMethod());
    paths.put("auth/role/grant", AuthGrpc.getRoleGrantPermissionMethod());
    paths.put("auth/role/revoke", AuthGrpc.getRoleRevokePermissionMethod());
  }

  private static void concurrency(Map<String, MethodDescriptor<?, ?>> paths) {
    paths.put("lock/lock", LockGrpc.getLockMethod());
    paths.put("lock/unlock", LockGrpc.getUnlockMethod());
    paths.put("election/campaign", ElectionGrpc.getCampaignMethod());
    paths.put("election/proclaim", ElectionGrpc.getProclaimMethod());
    paths.put("election/leader", ElectionGrpc.getLeaderMethod());
    paths.put("election/observe", ElectionGrpc.getObserveMethod());
    paths.put("election/resign", ElectionGrpc.getResignMethod());
  }
}
