package io.balsa.access;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageOrBuilder;
import io.balsa.audit.AuditRecord.Keys;
import io.balsa.bytes.Bytes;
import io.balsa.model.Span;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseRevokeRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.MoveLeaderRequest;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.v3electionpb.CampaignRequest;
import io.balsa.proto.v3electionpb.LeaderRequest;
import io.balsa.proto.v3electionpb.ProclaimRequest;
import io.balsa.proto.v3electionpb.ResignRequest;
import io.balsa.proto.v3lockpb.LockRequest;
import io.balsa.proto.v3lockpb.UnlockRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request is about, for the audit trail. It holds no value, no password and no token.
 *
 * @param keys the first keys and ranges
 * @param text what else, such as {@code role=reader}
 * @param changes whether the request may change something
 */
record AuditSubject(List<Keys> keys, String text, boolean changes) {
  static final AuditSubject NONE = new AuditSubject(List.of(), "", false);

  /** The most keys of a transaction that are recorded. */
  private static final int KEYS_MAX = 16;

  private static final int TEXT_MAX = 512;

  /** The subject of a request. */
  static AuditSubject of(Object request) {
    return switch (request) {
      case PutRequest put -> ofKey(put.getKey(), ByteString.EMPTY, true);
      case RangeRequest range -> ofKey(range.getKey(), range.getRangeEnd(), false);
      case DeleteRangeRequest delete -> ofKey(delete.getKey(), delete.getRangeEnd(), true);
      case TxnRequest txn -> ofTxn(txn);
      case CompactionRequest compact -> change("revision=" + compact.getRevision());
      case LeaseGrantRequest grant ->
          change("lease=" + hex(grant.getID()) + " ttl=" + grant.getTTL());
      case LeaseRevokeRequest revoke -> change("lease=" + hex(revoke.getID()));
      case LeaseTimeToLiveRequest time -> read("lease=" + hex(time.getID()));
      case AlarmRequest alarm ->
          new AuditSubject(
              List.of(),
              alarm.getAction() + " " + alarm.getAlarm(),
              alarm.getAction() != AlarmRequest.AlarmAction.GET);
      case MoveLeaderRequest move -> change("member=" + hex(move.getTargetID()));
      case LockRequest lock -> ofKey(lock.getName(), ByteString.EMPTY, true);
      case UnlockRequest unlock -> ofKey(unlock.getKey(), ByteString.EMPTY, true);
      case CampaignRequest campaign -> ofKey(campaign.getName(), ByteString.EMPTY, true);
      case ProclaimRequest proclaim -> ofKey(proclaim.getLeader().getKey(), ByteString.EMPTY, true);
      case ResignRequest resign -> ofKey(resign.getLeader().getKey(), ByteString.EMPTY, true);
      case LeaderRequest leader -> ofKey(leader.getName(), ByteString.EMPTY, false);
      case MessageOrBuilder other -> ofUsers(other);
      default -> NONE;
    };
  }

  private static AuditSubject ofUsers(MessageOrBuilder request) {
    return switch (request) {
      case AuthenticateRequest login -> change("user=" + login.getName());
      case AuthUserAddRequest add -> change("user=" + add.getName());
      case AuthUserDeleteRequest delete -> change("user=" + delete.getName());
      case AuthUserChangePasswordRequest change -> change("user=" + change.getName());
      case AuthUserGrantRoleRequest grant ->
          change("user=" + grant.getUser() + " role=" + grant.getRole());
      case AuthUserRevokeRoleRequest revoke ->
          change("user=" + revoke.getName() + " role=" + revoke.getRole());
      case AuthUserGetRequest get -> read("user=" + get.getName());
      case AuthRoleAddRequest add -> change("role=" + add.getName());
      case AuthRoleDeleteRequest delete -> change("role=" + delete.getRole());
      case AuthRoleGetRequest get -> read("role=" + get.getRole());
      case AuthRoleGrantPermissionRequest grant ->
          new AuditSubject(
              List.of(keys(grant.getPerm().getKey(), grant.getPerm().getRangeEnd())),
              cut("role=" + grant.getName() + " permission=" + grant.getPerm().getPermType()),
              true);
      case AuthRoleRevokePermissionRequest revoke ->
          new AuditSubject(
              List.of(keys(revoke.getKey(), revoke.getRangeEnd())),
              cut("role=" + revoke.getRole()),
              true);
      default -> NONE;
    };
  }

  private static AuditSubject change(String text) {
    return new AuditSubject(List.of(), cut(text), true);
  }

  private static AuditSubject read(String text) {
    return new AuditSubject(List.of(), cut(text), false);
  }

  /** A client may send a name of any length. */
  private static String cut(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
  }

  private static AuditSubject ofKey(ByteString key, ByteString end, boolean changes) {
    return new AuditSubject(List.of(keys(key, end)), "", changes);
  }

  private static Keys keys(ByteString key, ByteString end) {
    return new Keys(bytes(key), bytes(end));
  }

  /** A renewal of a lease, which is a message of a stream. */
  static AuditSubject renewal(long lease) {
    return read("lease=" + hex(lease));
  }

  /** The keys of a watch. */
  static Keys keys(Span span) {
    return new Keys(cut(span.key()), cut(span.rangeEnd()));
  }

  private static Bytes cut(Bytes key) {
    return key.size() <= Keys.BYTES_MAX ? key : Bytes.wrap(key.slice(0, Keys.BYTES_MAX).toArray());
  }

  private static Bytes bytes(ByteString text) {
    int size = Math.min(text.size(), Keys.BYTES_MAX);
    return Bytes.wrap(text.substring(0, size).toByteArray());
  }

  private static String hex(long id) {
    return Long.toHexString(id);
  }

  private static AuditSubject ofTxn(TxnRequest txn) {
    List<Keys> keys = new ArrayList<>();
    int[] more = {0};
    boolean changes = parts(txn, keys, more);
    String text = more[0] == 0 ? "" : "further_keys=" + more[0];
    return new AuditSubject(List.copyOf(keys), text, changes);
  }

  /** Adds the keys of a transaction; returns whether it may change something. */
  private static boolean parts(TxnRequest txn, List<Keys> keys, int[] more) {
    txn.getCompareList().forEach(each -> add(keys, more, each.getKey(), each.getRangeEnd()));
    boolean changes = ops(txn.getSuccessList(), keys, more);
    return ops(txn.getFailureList(), keys, more) || changes;
  }

  private static boolean ops(List<RequestOp> ops, List<Keys> keys, int[] more) {
    boolean changes = false;
    for (RequestOp op : ops) {
      switch (op.getRequestCase()) {
        case REQUEST_PUT -> {
          add(keys, more, op.getRequestPut().getKey(), ByteString.EMPTY);
          changes = true;
        }
        case REQUEST_DELETE_RANGE -> {
          DeleteRangeRequest delete = op.getRequestDeleteRange();
          add(keys, more, delete.getKey(), delete.getRangeEnd());
          changes = true;
        }
        case REQUEST_RANGE ->
            add(keys, more, op.getRequestRange().getKey(), op.getRequestRange().getRangeEnd());
        case REQUEST_TXN -> changes |= parts(op.getRequestTxn(), keys, more);
        case REQUEST_NOT_SET -> {}
      }
    }
    return changes;
  }

  private static void add(List<Keys> keys, int[] more, ByteString key, ByteString end) {
    if (keys.size() < KEYS_MAX) {
      keys.add(keys(key, end));
    } else {
      more[0]++;
    }
  }
}
