package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.balsa.bytes.Bytes;
import io.balsa.model.Alarm;
import io.balsa.model.Event;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
import io.balsa.proto.etcdserverpb.AlarmMember;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import io.balsa.proto.etcdserverpb.AlarmType;
import io.balsa.proto.etcdserverpb.CompactionResponse;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import io.balsa.proto.etcdserverpb.LeaseRevokeResponse;
import io.balsa.proto.etcdserverpb.LeaseStatus;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.ResponseOp;
import io.balsa.proto.etcdserverpb.TxnResponse;
import java.util.function.LongSupplier;

/** Translates the store's results into protobuf responses. */
final class ToProto {
  private final long clusterId;
  private final long memberId;
  private final LongSupplier leader;

  /**
   * @param memberId the member that answers
   * @param leader the leader's member id; 0 while none is known
   */
  ToProto(long clusterId, long memberId, LongSupplier leader) {
    this.clusterId = clusterId;
    this.memberId = memberId;
    this.leader = leader;
  }

  /** The header of an answer; a revision or a leader of 0 is left out. */
  ResponseHeader header(long revision, long term) {
    return ResponseHeader.newBuilder()
        .setClusterId(clusterId)
        .setMemberId(memberId)
        .setRevision(revision)
        .setRaftTerm(term)
        .setLeaderId(leader.getAsLong())
        .build();
  }

  RangeResponse range(Result.Range result, long term) {
    return range(result, header(result.revision(), term));
  }

  PutResponse put(Result.Put result, long term) {
    return put(result, header(result.revision(), term));
  }

  DeleteRangeResponse deleteRange(Result.DeleteRange result, long term) {
    return deleteRange(result, header(result.revision(), term));
  }

  TxnResponse txn(Result.Txn result, long term) {
    return txn(result, header(result.revision(), term));
  }

  CompactionResponse compaction(Result.Done result, long term) {
    return CompactionResponse.newBuilder().setHeader(header(result.revision(), term)).build();
  }

  AlarmResponse alarms(Result.Alarms result, long term) {
    AlarmResponse.Builder response =
        AlarmResponse.newBuilder().setHeader(header(result.revision(), term));
    result.alarms().forEach(alarm -> response.addAlarms(alarm(alarm)));
    return response.build();
  }

  LeaseGrantResponse leaseGrant(Result.LeaseGrant result, long term) {
    return LeaseGrantResponse.newBuilder()
        .setHeader(header(result.revision(), term))
        .setID(result.id())
        .setTTL(result.ttl())
        .build();
  }

  LeaseRevokeResponse leaseRevoke(Result.Done result, long term) {
    return LeaseRevokeResponse.newBuilder().setHeader(header(result.revision(), term)).build();
  }

  /** A missing lease has a TTL of 0. */
  LeaseKeepAliveResponse keepAlive(Result.LeaseTime result, long term) {
    return LeaseKeepAliveResponse.newBuilder()
        .setHeader(header(result.revision(), term))
        .setID(result.id())
        .setTTL(Math.max(0, result.left()))
        .build();
  }

  LeaseTimeToLiveResponse timeToLive(Result.LeaseTime result, long term) {
    LeaseTimeToLiveResponse.Builder response =
        LeaseTimeToLiveResponse.newBuilder()
            .setHeader(header(result.revision(), term))
            .setID(result.id())
            .setTTL(result.left())
            .setGrantedTTL(result.ttl());
    result.keys().forEach(key -> response.addKeys(bytes(key)));
    return response.build();
  }

  LeaseLeasesResponse leases(Result.Leases result, long term) {
    LeaseLeasesResponse.Builder response =
        LeaseLeasesResponse.newBuilder().setHeader(header(result.revision(), term));
    result.ids().forEach(id -> response.addLeases(LeaseStatus.newBuilder().setID(id)));
    return response.build();
  }

  private static AlarmMember alarm(Alarm alarm) {
    return AlarmMember.newBuilder()
        .setMemberID(alarm.member())
        .setAlarm(type(alarm.kind()))
        .build();
  }

  static AlarmType type(Alarm.Kind kind) {
    return switch (kind) {
      case NOSPACE -> AlarmType.NOSPACE;
      case CORRUPT -> AlarmType.CORRUPT;
    };
  }

  private static RangeResponse range(Result.Range result, ResponseHeader header) {
    RangeResponse.Builder response =
        RangeResponse.newBuilder()
            .setHeader(header)
            .setMore(result.more())
            .setCount(result.count());
    for (KeyValue kv : result.kvs()) {
      response.addKvs(keyValue(kv));
    }
    return response.build();
  }

  private static PutResponse put(Result.Put result, ResponseHeader header) {
    PutResponse.Builder response = PutResponse.newBuilder().setHeader(header);
    KeyValue previous = result.previous();
    if (previous != null) {
      response.setPrevKv(keyValue(previous));
    }
    return response.build();
  }

  private static DeleteRangeResponse deleteRange(Result.DeleteRange result, ResponseHeader header) {
    DeleteRangeResponse.Builder response =
        DeleteRangeResponse.newBuilder().setHeader(header).setDeleted(result.deleted());
    result.previous().forEach(kv -> response.addPrevKvs(keyValue(kv)));
    return response.build();
  }

  private static TxnResponse txn(Result.Txn result, ResponseHeader header) {
    TxnResponse.Builder response =
        TxnResponse.newBuilder().setHeader(header).setSucceeded(result.succeeded());
    result.responses().forEach(inner -> response.addResponses(op(inner)));
    return response.build();
  }

  /** An operation's answer inside a transaction; its header has only the revision. */
  private static ResponseOp op(Result result) {
    ResponseOp.Builder op = ResponseOp.newBuilder();
    ResponseHeader header = ResponseHeader.newBuilder().setRevision(result.revision()).build();
    switch (result) {
      case Result.Range range -> op.setResponseRange(range(range, header));
      case Result.Put put -> op.setResponsePut(put(put, header));
      case Result.DeleteRange delete -> op.setResponseDeleteRange(deleteRange(delete, header));
      // etcd leaves a nested transaction's header empty
      case Result.Txn txn -> op.setResponseTxn(txn(txn, ResponseHeader.getDefaultInstance()));
      case Result.Done _,
          Result.Alarms _,
          Result.LeaseGrant _,
          Result.LeaseTime _,
          Result.Leases _,
          Result.Measured _,
          Result.UnderWay _,
          Result.Swept _,
          Result.Refused _ ->
          throw new IllegalArgumentException("not the result of an operation");
    }
    return op.build();
  }

  /** An event of a watch, with the previous value if it is wanted and known. */
  io.balsa.proto.mvccpb.Event event(Event event, boolean prevKv) {
    io.balsa.proto.mvccpb.Event.Builder wire = io.balsa.proto.mvccpb.Event.newBuilder();
    wire.setKv(keyValue(event.kv()));
    if (event.deleted()) {
      wire.setType(io.balsa.proto.mvccpb.Event.EventType.DELETE);
    }
    KeyValue previous = event.previous();
    if (prevKv && previous != null) {
      wire.setPrevKv(keyValue(previous));
    }
    return wire.build();
  }

  static io.balsa.proto.mvccpb.KeyValue keyValue(KeyValue kv) {
    return io.balsa.proto.mvccpb.KeyValue.newBuilder()
        .setKey(bytes(kv.key()))
        .setCreateRevision(kv.createRevision())
        .setModRevision(kv.modRevision())
        .setVersion(kv.version())
        .setValue(bytes(kv.value()))
        .setLease(kv.lease())
        .build();
  }

  private static ByteString bytes(Bytes bytes) {
    return bytes.over(UnsafeByteOperations::unsafeWrap);
  }
}
