package io.balsa.drill;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.HashKVRequest;
import io.balsa.proto.etcdserverpb.HashKVResponse;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One address, spoken to plainly: nothing is repeated, nothing goes elsewhere, so that what is
 * measured and written down is what the address did. Calls block and throw {@code
 * StatusRuntimeException}.
 */
final class Endpoint implements AutoCloseable {
  private static final int ANSWER_BYTES_MAX = 64 << 20;

  private final ManagedChannel channel;

  Endpoint(String host, int port) {
    channel =
        NettyChannelBuilder.forAddress(host, port)
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(ANSWER_BYTES_MAX)
            .build();
  }

  static Endpoint onLoopback(int port) {
    return new Endpoint("127.0.0.1", port);
  }

  PutResponse put(ByteString key, ByteString value, Duration limit) {
    return kv(limit).put(PutRequest.newBuilder().setKey(key).setValue(value).build());
  }

  RangeResponse range(RangeRequest request, Duration limit) {
    return kv(limit).range(request);
  }

  /** Asks without blocking; one of the two is called, on a thread of the connection's. */
  void range(
      RangeRequest request,
      Duration limit,
      Consumer<RangeResponse> answered,
      Consumer<Throwable> failed) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(
            KVGrpc.getRangeMethod(),
            CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)),
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(RangeResponse answer) {
            answered.accept(answer);
          }

          @Override
          public void onError(Throwable failure) {
            failed.accept(failure);
          }

          @Override
          public void onCompleted() {}
        });
  }

  RangeResponse get(ByteString key, boolean serializable, Duration limit) {
    return range(
        RangeRequest.newBuilder().setKey(key).setSerializable(serializable).build(), limit);
  }

  StatusResponse status(Duration limit) {
    return maintenance(limit).status(StatusRequest.getDefaultInstance());
  }

  HashKVResponse hashKv(long revision, Duration limit) {
    return maintenance(limit).hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
  }

  /** Tries to connect at once instead of after the back-off that broken connections earn. */
  void reconnect() {
    channel.resetConnectBackoff();
  }

  private KVGrpc.KVBlockingStub kv(Duration limit) {
    return KVGrpc.newBlockingStub(channel)
        .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private MaintenanceGrpc.MaintenanceBlockingStub maintenance(Duration limit) {
    return MaintenanceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
