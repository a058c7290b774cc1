package io.balsa.front;

import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.mvccpb.KeyValue;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** A service without a store: Put returns the given key, Range fails with the key as its text. */
public final class TinyKv extends KVGrpc.KVImplBase {
  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer) {
    KeyValue kv =
        KeyValue.newBuilder()
            .setKey(request.getKey())
            .setValue(request.getValue())
            .setLease(request.getLease())
            .build();
    observer.onNext(
        PutResponse.newBuilder()
            .setHeader(ResponseHeader.newBuilder().setMemberId(-1).setRevision(7))
            .setPrevKv(kv)
            .build());
    observer.onCompleted();
  }

  @Override
  public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
    Status status = Status.fromCodeValue(request.getSortTargetValue());
    observer.onError(status.withDescription(request.getKey().toStringUtf8()).asRuntimeException());
  }
}
