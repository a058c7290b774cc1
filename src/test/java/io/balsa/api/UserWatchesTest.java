package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Watches end with the permissions of their users. */
class UserWatchesTest extends AtServerWithUsers {
  @Test
  void sec19AWatchEndsWithItsPermission() throws Exception {
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> watch =
        with(WatchGrpc.newStub(channel), "token", alice).watch(new Told<>(told));
    watch.onNext(watching("b"));
    WatchResponse refused = response(told);
    assertThat(refused.getCreated() && refused.getCanceled()).isTrue();
    assertThat(refused.getWatchId()).isEqualTo(-1);
    assertThat(refused.getCancelReason())
        .isEqualTo("rpc error: code = PermissionDenied desc = " + DENIED);
    watch.onNext(watching("a"));
    assertThat(response(told).getCreated()).isTrue();
    kv(root).put(put("a"));
    assertThat(response(told).getEventsCount()).isEqualTo(1);
    auth(root)
        .roleRevokePermission(
            AuthRoleRevokePermissionRequest.newBuilder()
                .setRole("a")
                .setKey(ByteString.copyFromUtf8("a"))
                .setRangeEnd(ByteString.copyFromUtf8("b"))
                .build());
    kv(root).put(put("a"));
    WatchResponse ended = response(told);
    assertThat(ended.getCanceled()).isTrue();
    assertThat(ended.getCancelReason()).endsWith(DENIED);
    assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void aWatchIsToldThatItsTokenIsNone() throws Exception {
    for (String token : new String[] {"", "x.1"}) {
      BlockingQueue<Object> told = new LinkedBlockingQueue<>();
      with(WatchGrpc.newStub(channel), "token", token)
          .watch(new Told<>(told))
          .onNext(watching("a"));
      assertThat(response(told).getCancelReason())
          .isEqualTo(
              token.isEmpty()
                  ? "rpc error: code = InvalidArgument desc = etcdserver: user name is empty"
                  : "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token");
    }
  }

  @Test
  void theWatchesOfOthersGoOnWhenOneIsRevoked() throws Exception {
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    BlockingQueue<Object> toldRoot = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> watch =
        with(WatchGrpc.newStub(channel), "token", alice).watch(new Told<>(told));
    for (int i = 0; i < 3; i++) {
      watch.onNext(watching("a"));
      assertThat(response(told).getCreated()).isTrue();
    }
    with(WatchGrpc.newStub(channel), "token", root)
        .watch(new Told<>(toldRoot))
        .onNext(watching("b"));
    assertThat(response(toldRoot).getCreated()).isTrue();
    auth(root)
        .roleRevokePermission(
            AuthRoleRevokePermissionRequest.newBuilder()
                .setRole("a")
                .setKey(ByteString.copyFromUtf8("a"))
                .setRangeEnd(ByteString.copyFromUtf8("b"))
                .build());
    for (int i = 0; i < 3; i++) {
      assertThat(response(told).getCanceled()).isTrue();
    }
    for (int i = 0; i < 3; i++) {
      kv(root).put(put("b"));
      assertThat(response(toldRoot).getEventsCount()).isEqualTo(1);
    }
  }

  private static WatchRequest watching(String key) {
    return WatchRequest.newBuilder()
        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
        .build();
  }

  private static WatchResponse response(BlockingQueue<Object> told) throws InterruptedException {
    Object answer = told.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isInstanceOf(WatchResponse.class);
    return (WatchResponse) answer;
  }
}
