package io.balsa.forms;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.AlarmMember;
import io.balsa.proto.etcdserverpb.AlarmResponse;
import io.balsa.proto.etcdserverpb.AuthRoleAddResponse;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteResponse;
import io.balsa.proto.etcdserverpb.AuthRoleGetResponse;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.balsa.proto.etcdserverpb.AuthRoleListResponse;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.balsa.proto.etcdserverpb.AuthStatusResponse;
import io.balsa.proto.etcdserverpb.AuthUserAddResponse;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordResponse;
import io.balsa.proto.etcdserverpb.AuthUserDeleteResponse;
import io.balsa.proto.etcdserverpb.AuthUserGetResponse;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleResponse;
import io.balsa.proto.etcdserverpb.AuthUserListResponse;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleResponse;
import io.balsa.proto.etcdserverpb.DeleteRangeResponse;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import io.balsa.proto.etcdserverpb.LeaseRevokeResponse;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.proto.etcdserverpb.MemberAddResponse;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.MemberPromoteResponse;
import io.balsa.proto.etcdserverpb.MemberRemoveResponse;
import io.balsa.proto.etcdserverpb.MemberUpdateResponse;
import io.balsa.proto.etcdserverpb.MoveLeaderResponse;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.ResponseOp;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import io.balsa.proto.mvccpb.KeyValue;

/**
 * The form {@code fields}: one line for each field, {@code "Key" : "a"}, with etcdctl's names.
 *
 * @param lines where it is printed
 */
public record FieldsForm(Lines lines) {
  /**
   * Prints an answer.
   *
   * @throws IllegalArgumentException when etcdctl has no such form of it
   */
  void answer(Message answer) {
    switch (answer) {
      case PutResponse put -> put(put);
      case RangeResponse range -> range(range);
      case DeleteRangeResponse deletion -> delete(deletion);
      case TxnResponse txn -> txn(txn);
      case WatchResponse watch -> watch(watch);
      case LeaseGrantResponse it ->
          header(it.getHeader()).lease(it.getID()).number("TTL", it.getTTL());
      case LeaseKeepAliveResponse it ->
          header(it.getHeader()).lease(it.getID()).number("TTL", it.getTTL());
      case LeaseTimeToLiveResponse it -> timeToLive(it);
      case LeaseRevokeResponse it -> header(it.getHeader());
      case LeaseLeasesResponse it -> leases(it);
      case MemberListResponse it -> MemberText.fields(this, it);
      case MemberAddResponse it -> header(it.getHeader());
      case MemberRemoveResponse it -> header(it.getHeader());
      case MemberUpdateResponse it -> header(it.getHeader());
      case MemberPromoteResponse it -> header(it.getHeader());
      case MoveLeaderResponse it -> header(it.getHeader());
      case AlarmResponse it -> alarms(it);
      default -> ofAuth(answer);
    }
  }

  private void ofAuth(Message answer) {
    switch (answer) {
      case AuthRoleAddResponse it -> header(it.getHeader());
      case AuthRoleDeleteResponse it -> header(it.getHeader());
      case AuthRoleGrantPermissionResponse it -> header(it.getHeader());
      case AuthRoleRevokePermissionResponse it -> header(it.getHeader());
      case AuthUserAddResponse it -> header(it.getHeader());
      case AuthUserChangePasswordResponse it -> header(it.getHeader());
      case AuthUserGrantRoleResponse it -> header(it.getHeader());
      case AuthUserRevokeRoleResponse it -> header(it.getHeader());
      case AuthUserDeleteResponse it -> header(it.getHeader());
      case AuthRoleGetResponse it -> AuthText.fields(this, it);
      case AuthRoleListResponse it ->
          AuthText.names(header(it.getHeader()), "Roles", it.getRolesList().asByteStringList());
      default -> withoutFieldsInEtcdctl(answer);
    }
  }

  private void withoutFieldsInEtcdctl(Message answer) {
    switch (answer) {
      case AuthUserGetResponse it ->
          AuthText.names(header(it.getHeader()), "Roles", it.getRolesList().asByteStringList());
      case AuthUserListResponse it ->
          AuthText.names(header(it.getHeader()), "Users", it.getUsersList().asByteStringList());
      case AuthStatusResponse it ->
          header(it.getHeader())
              .field("Enabled", String.valueOf(it.getEnabled()))
              .field("AuthRevision", Long.toUnsignedString(it.getAuthRevision()));
      default ->
          throw new IllegalArgumentException(
              "no fields for " + answer.getDescriptorForType().getName());
    }
  }

  /** The four fields of a header; no revision when it is 0. */
  public FieldsForm header(ResponseHeader header) {
    id("ClusterID", header.getClusterId());
    id("MemberID", header.getMemberId());
    if (header.getRevision() > 0) {
      number("Revision", header.getRevision());
    }
    return field("RaftTerm", Long.toUnsignedString(header.getRaftTerm()));
  }

  /** An id of a cluster or a member: a number, or hexadecimal when that was asked for. */
  public FieldsForm id(String name, long id) {
    return field(name, lines.hex() ? Long.toHexString(id) : Long.toUnsignedString(id));
  }

  /** A number with its sign. */
  public FieldsForm number(String name, long number) {
    return field(name, String.valueOf(number));
  }

  /** Text or bytes in quotes. */
  public FieldsForm quoted(String name, ByteString bytes) {
    return field(name, Quoted.of(bytes));
  }

  /** A value as it is. */
  public FieldsForm field(String name, String value) {
    lines.line("\"" + name + "\" : " + value);
    return this;
  }

  private void put(PutResponse answer) {
    header(answer.getHeader());
    if (answer.hasPrevKv()) {
      keyValue("Prev", answer.getPrevKv());
    }
  }

  private void range(RangeResponse answer) {
    header(answer.getHeader());
    answer.getKvsList().forEach(kv -> keyValue("", kv));
    rangeEnd(answer.getMore(), answer.getCount());
  }

  /** What follows the keys of a range. */
  void rangeEnd(boolean more, long count) {
    field("More", String.valueOf(more)).number("Count", count);
  }

  private void delete(DeleteRangeResponse answer) {
    header(answer.getHeader()).number("Deleted", answer.getDeleted());
    answer.getPrevKvsList().forEach(kv -> keyValue("Prev", kv));
  }

  private void txn(TxnResponse answer) {
    header(answer.getHeader()).field("Succeeded", String.valueOf(answer.getSucceeded()));
    for (ResponseOp each : answer.getResponsesList()) {
      switch (each.getResponseCase()) {
        case RESPONSE_RANGE -> range(each.getResponseRange());
        case RESPONSE_PUT -> put(each.getResponsePut());
        case RESPONSE_DELETE_RANGE -> delete(each.getResponseDeleteRange());
        case RESPONSE_TXN -> txn(each.getResponseTxn());
        case RESPONSE_NOT_SET -> throw new IllegalArgumentException("an answer without content");
      }
    }
  }

  private void watch(WatchResponse answer) {
    header(answer.getHeader());
    for (Event event : answer.getEventsList()) {
      field("Type", event.getType().name());
      if (event.hasPrevKv()) {
        keyValue("Prev", event.getPrevKv());
      }
      keyValue("", event.getKv());
    }
  }

  void keyValue(String prefix, KeyValue kv) {
    quoted(prefix + "Key", kv.getKey())
        .number(prefix + "CreateRevision", kv.getCreateRevision())
        .number(prefix + "ModRevision", kv.getModRevision())
        .number(prefix + "Version", kv.getVersion())
        .quoted(prefix + "Value", kv.getValue())
        .lease(prefix + "Lease", kv.getLease());
  }

  private void timeToLive(LeaseTimeToLiveResponse answer) {
    header(answer.getHeader())
        .lease(answer.getID())
        .number("TTL", answer.getTTL())
        .number("GrantedTTL", answer.getGrantedTTL());
    answer.getKeysList().forEach(key -> quoted("Key", key));
  }

  private void leases(LeaseLeasesResponse answer) {
    header(answer.getHeader());
    answer.getLeasesList().forEach(lease -> lease(lease.getID()));
  }

  private void alarms(AlarmResponse answer) {
    header(answer.getHeader());
    for (AlarmMember each : answer.getAlarmsList()) {
      id("MemberID", each.getMemberID()).field("AlarmType", each.getAlarm().name());
      lines.line("");
    }
  }

  private FieldsForm lease(long id) {
    return lease("ID", id);
  }

  private FieldsForm lease(String name, long id) {
    return field(name, lines.hex() ? LeaseText.id(id) : String.valueOf(id));
  }
}
