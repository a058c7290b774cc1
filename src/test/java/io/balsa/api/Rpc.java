package io.balsa.api;

import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;

/** An RPC of etcd in the comparison. */
enum Rpc {
  RANGE("kv/range", KVGrpc.getRangeMethod()),
  RANGE_STREAM("none", KVGrpc.getRangeStreamMethod()),
  PUT("kv/put", KVGrpc.getPutMethod()),
  DELETE("kv/deleterange", KVGrpc.getDeleteRangeMethod()),
  TXN("kv/txn", KVGrpc.getTxnMethod()),
  COMPACT("kv/compaction", KVGrpc.getCompactMethod()),
  WATCH("watch", WatchGrpc.getWatchMethod()),
  GRANT("lease/grant", LeaseGrpc.getLeaseGrantMethod()),
  REVOKE("lease/revoke", LeaseGrpc.getLeaseRevokeMethod()),
  KEEP_ALIVE("lease/keepalive", LeaseGrpc.getLeaseKeepAliveMethod()),
  TIME_TO_LIVE("lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod()),
  LEASES("lease/leases", LeaseGrpc.getLeaseLeasesMethod()),
  LOCK("lock/lock", LockGrpc.getLockMethod()),
  UNLOCK("lock/unlock", LockGrpc.getUnlockMethod()),
  CAMPAIGN("election/campaign", ElectionGrpc.getCampaignMethod()),
  PROCLAIM("election/proclaim", ElectionGrpc.getProclaimMethod()),
  LEADER("election/leader", ElectionGrpc.getLeaderMethod()),
  OBSERVE("election/observe", ElectionGrpc.getObserveMethod()),
  RESIGN("election/resign", ElectionGrpc.getResignMethod()),
  ALARM("maintenance/alarm", MaintenanceGrpc.getAlarmMethod()),
  HASH_KV("maintenance/hashkv", MaintenanceGrpc.getHashKVMethod()),
  MOVE_LEADER("maintenance/transfer-leadership", MaintenanceGrpc.getMoveLeaderMethod()),
  STATUS("maintenance/status", MaintenanceGrpc.getStatusMethod()),
  DEFRAGMENT("maintenance/defragment", MaintenanceGrpc.getDefragmentMethod()),
  MEMBERS("cluster/member/list", ClusterGrpc.getMemberListMethod()),
  AUTHENTICATE("auth/authenticate", AuthGrpc.getAuthenticateMethod()),
  AUTH_ENABLE("auth/enable", AuthGrpc.getAuthEnableMethod()),
  AUTH_DISABLE("auth/disable", AuthGrpc.getAuthDisableMethod()),
  AUTH_STATUS("auth/status", AuthGrpc.getAuthStatusMethod()),
  USER_ADD("auth/user/add", AuthGrpc.getUserAddMethod()),
  USER_GET("auth/user/get", AuthGrpc.getUserGetMethod()),
  USER_LIST("auth/user/list", AuthGrpc.getUserListMethod()),
  USER_DELETE("auth/user/delete", AuthGrpc.getUserDeleteMethod()),
  USER_PASSWORD("auth/user/changepw", AuthGrpc.getUserChangePasswordMethod()),
  USER_GRANT("auth/user/grant", AuthGrpc.getUserGrantRoleMethod()),
  USER_REVOKE("auth/user/revoke", AuthGrpc.getUserRevokeRoleMethod()),
  ROLE_ADD("auth/role/add", AuthGrpc.getRoleAddMethod()),
  ROLE_GET("auth/role/get", AuthGrpc.getRoleGetMethod()),
  ROLE_LIST("auth/role/list", AuthGrpc.getRoleListMethod()),
  ROLE_DELETE("auth/role/delete", AuthGrpc.getRoleDeleteMethod()),
  ROLE_GRANT("auth/role/grant", AuthGrpc.getRoleGrantPermissionMethod()),
  ROLE_REVOKE("auth/role/revoke", AuthGrpc.getRoleRevokePermissionMethod());

  /** Its path in the JSON gateway, after {@code /v3/}. */
  final String path;

  @SuppressWarnings("ImmutableEnumChecker") // generated descriptors have no state
  final MethodDescriptor<Message, Message> method;

  @SuppressWarnings("unchecked") // a request belongs to the call that it is used with
  Rpc(String path, MethodDescriptor<? extends Message, ? extends Message> method) {
    this.path = path;
    this.method = (MethodDescriptor<Message, Message>) method;
  }

  Message request(byte[] bytes) {
    return method.parseRequest(new ByteArrayInputStream(bytes));
  }

  Message.Builder response() {
    return ((MethodDescriptor.PrototypeMarshaller<Message>) method.getResponseMarshaller())
        .getMessagePrototype()
        .newBuilderForType();
  }

  boolean streams() {
    return method.getType() != MethodType.UNARY;
  }
}
