package io.balsa.api;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.balsa.proto.etcdserverpb.CompactionRequest;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.KVGrpc.KVBlockingStub;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.TxnRequest;

/** A call of etcd's KV as the comparison with etcd makes it. */
enum Rpc {
  RANGE("range", RangeRequest.parser()),
  PUT("put", PutRequest.parser()),
  DELETE("deleterange", DeleteRangeRequest.parser()),
  TXN("txn", TxnRequest.parser()),
  COMPACT("compaction", CompactionRequest.parser());

  /** The last part of its path in the JSON gateway. */
  final String path;

  @SuppressWarnings("ImmutableEnumChecker") // generated parsers have no state
  private final Parser<? extends Message> parser;

  Rpc(String path, Parser<? extends Message> parser) {
    this.path = path;
    this.parser = parser;
  }

  Message request(byte[] bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a request of " + this, e);
    }
  }

  /** Calls it and waits. */
  Message call(KVBlockingStub stub, Message request) {
    return switch (this) {
      case RANGE -> stub.range((RangeRequest) request);
      case PUT -> stub.put((PutRequest) request);
      case DELETE -> stub.deleteRange((DeleteRangeRequest) request);
      case TXN -> stub.txn((TxnRequest) request);
      case COMPACT -> stub.compact((CompactionRequest) request);
    };
  }
}
