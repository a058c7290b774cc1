package io.balsa.proxy;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A user on one connection, with one token.
 *
 * @param token empty for a client without a user
 */
record UserOfProxy(Channel channel, String token) {
  /** Logs a user in, whose password is its name and {@code -pw}. */
  static UserOfProxy login(Channel channel, String name) {
    UserOfProxy nobody = new UserOfProxy(channel, "");
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder().setName(name).setPassword(name + "-pw").build();
    return new UserOfProxy(channel, nobody.auth().authenticate(request).getToken());
  }

  UserOfProxy on(Channel other) {
    return new UserOfProxy(other, token);
  }

  private <S extends AbstractStub<S>> S with(S stub) {
    Metadata metadata = new Metadata();
    if (!token.isEmpty()) {
      metadata.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), token);
    }
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  AuthGrpc.AuthBlockingStub auth() {
    return with(AuthGrpc.newBlockingStub(channel)).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  KVGrpc.KVBlockingStub kv() {
    return with(KVGrpc.newBlockingStub(channel)).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  KVGrpc.KVFutureStub kvLater() {
    return with(KVGrpc.newFutureStub(channel)).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  LeaseGrpc.LeaseBlockingStub lease() {
    return with(LeaseGrpc.newBlockingStub(channel)).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  LeaseGrpc.LeaseStub leaseStream() {
    return with(LeaseGrpc.newStub(channel));
  }

  /** Begins to watch a key. */
  Watch watch(String key) {
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> stream = with(WatchGrpc.newStub(channel)).watch(new Told<>(told));
    stream.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(text(key)))
            .build());
    return new Watch(stream, told);
  }

  /** A watch stream, and what it was told: responses, and at last its failure. */
  record Watch(StreamObserver<WatchRequest> stream, BlockingQueue<Object> told) {
    WatchResponse next() throws InterruptedException {
      Object next = told.poll(20, TimeUnit.SECONDS);
      if (next instanceof WatchResponse response) {
        return response;
      }
      throw new AssertionError("no response of the watch: " + next);
    }
  }

  /** Collects what a call is told. */
  record Told<A>(BlockingQueue<Object> told) implements StreamObserver<A> {
    @Override
    public void onNext(A answer) {
      told.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      told.add(failure);
    }

    @Override
    public void onCompleted() {
      told.add("completed");
    }
  }

  static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static PutRequest putting(String key) {
    return PutRequest.newBuilder().setKey(text(key)).setValue(text("v")).build();
  }

  static RangeRequest reading(String key) {
    return RangeRequest.newBuilder().setKey(text(key)).build();
  }
}
