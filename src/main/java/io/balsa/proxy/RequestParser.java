package io.balsa.proxy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.routing.RequestKind;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.util.Set;

/**
 * Reads from the bytes of a request what its route depends on. Bytes that are no valid message go
 * to the leader, which refuses them.
 */
final class RequestParser {
  private static final RequestKind RANGE_READ = new RequestKind.RangeRead();
  private static final RequestKind LEADER_PREFERRED = new RequestKind.LeaderPreferred();
  private static final RequestKind LEADER_ONLY = new RequestKind.LeaderOnly();

  private static final String RANGE = KVGrpc.getRangeMethod().getFullMethodName();
  private static final String TXN = KVGrpc.getTxnMethod().getFullMethodName();
  private static final Set<String> QUESTIONS =
      Set.of(
          MaintenanceGrpc.getStatusMethod().getFullMethodName(),
          MaintenanceGrpc.getHashMethod().getFullMethodName(),
          MaintenanceGrpc.getHashKVMethod().getFullMethodName(),
          ClusterGrpc.getMemberListMethod().getFullMethodName());

  /** Methods that only read, but that only the leader answers. */
  private static final Set<String> READS_OF_LEADER =
      Set.of(
          LeaseGrpc.getLeaseTimeToLiveMethod().getFullMethodName(),
          LeaseGrpc.getLeaseLeasesMethod().getFullMethodName(),
          ElectionGrpc.getLeaderMethod().getFullMethodName(),
          AuthGrpc.getAuthStatusMethod().getFullMethodName(),
          AuthGrpc.getUserGetMethod().getFullMethodName(),
          AuthGrpc.getUserListMethod().getFullMethodName(),
          AuthGrpc.getRoleGetMethod().getFullMethodName(),
          AuthGrpc.getRoleListMethod().getFullMethodName());

  private RequestParser() {}

  /** Whether a method for the leader only reads. */
  static boolean isRead(MethodDescriptor<?, ?> method) {
    return READS_OF_LEADER.contains(method.getFullMethodName());
  }

  static RequestKind of(MethodDescriptor<?, ?> method, Bytes message) {
    String name = method.getFullMethodName();
    try {
      if (name.equals(RANGE)) {
        return range(message);
      } else if (name.equals(TXN)) {
        return onlyReads(message) ? RANGE_READ : LEADER_ONLY;
      }
      return QUESTIONS.contains(name) ? LEADER_PREFERRED : LEADER_ONLY;
    } catch (IOException _) {
      return LEADER_ONLY;
    }
  }

  private static CodedInputStream input(Bytes message) {
    return CodedInputStream.newInstance(message.readOnlyArray());
  }

  /** The number of a length-delimited field; 0 for any other field. */
  private static int lengthDelimited(int tag) {
    boolean is = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    return is ? WireFormat.getTagFieldNumber(tag) : 0;
  }

  private static RequestKind range(Bytes message) throws IOException {
    CodedInputStream in = input(message);
    Bytes key = Bytes.EMPTY;
    boolean one = true;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (lengthDelimited(tag)) {
        case RangeRequest.KEY_FIELD_NUMBER -> key = Bytes.wrap(in.readByteArray());
        case RangeRequest.RANGE_END_FIELD_NUMBER -> one = in.readByteArray().length == 0;
        default -> in.skipField(tag);
      }
    }
    return one ? new RequestKind.KeyRead(key) : RANGE_READ;
  }

  /** Whether a transaction only reads. A nested transaction counts as a write, as in etcd. */
  private static boolean onlyReads(Bytes message) throws IOException {
    CodedInputStream in = input(message);
    boolean reads = true;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (lengthDelimited(tag)) {
        case TxnRequest.SUCCESS_FIELD_NUMBER, TxnRequest.FAILURE_FIELD_NUMBER ->
            reads &= isRange(in);
        default -> in.skipField(tag);
      }
    }
    return reads;
  }

  private static boolean isRange(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    boolean range = true;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      range &= lengthDelimited(tag) == RequestOp.REQUEST_RANGE_FIELD_NUMBER;
      in.skipField(tag);
    }
    in.popLimit(outer);
    return range;
  }
}
