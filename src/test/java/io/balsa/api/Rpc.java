package io.balsa.api;

import com.google.protobuf.Message;
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
  MOVE_LEADER("maintenance/transfer-leadership", MaintenanceGrpc.getMoveLeaderMethod());

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
