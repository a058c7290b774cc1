package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.balsa.access.Access;
import io.balsa.proto.etcdserverpb.AlarmRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.etcdserverpb.WatchRequest;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each user may make one request a second. */
class UserRateTest extends AtServerWithUsers {
  private static final String TOO_FAST =
      "etcdserver: too many requests of one user, nothing was done, send fewer a second, or raise"
          + " --limit-requests-per-user";
  private static final int TRIES = 20;

  @Override
  Access.Settings settings() {
    return super.settings().withRequestsPerUser(1);
  }

  /** Puts until one is refused. */
  private Status refused(String token) {
    for (int i = 0; i < TRIES; i++) {
      try {
        var _ = kv(token).put(put("a"));
      } catch (StatusRuntimeException e) {
        return e.getStatus();
      }
    }
    return Status.OK;
  }

  private void isRefused(String token) {
    Status status = refused(token);
    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).isEqualTo(TOO_FAST);
  }

  @Test
  void aUserBeyondItsRateIsRefusedAnotherAndRootAreNot() {
    addUser("bob", root);
    auth(root)
        .userGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser("bob").setRole("a").build());
    String bob = login("bob");
    isRefused(alice);
    assertThat(kv(bob).put(put("a")).hasHeader()).isTrue();
    for (int i = 0; i < TRIES; i++) {
      assertThat(kv(root).put(put("z")).hasHeader()).isTrue();
    }
    isRefused(alice);
  }

  /** The check of a signature costs time, so a bad token is a request like others. */
  @Test
  void badTokensCountForTheirSource() throws Exception {
    String said = "";
    for (int i = 0; i < TRIES && !said.equals(TOO_FAST); i++) {
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> kv("x.1").put(put("a")));
      said = String.valueOf(refused.getStatus().getDescription());
      assertThat(said).isIn("etcdserver: invalid auth token", TOO_FAST);
    }
    assertThat(said).isEqualTo(TOO_FAST);
    LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> watches =
        with(WatchGrpc.newStub(channel), "token", "x.1").watch(new Told<WatchResponse>(told));
    WatchRequest one =
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(put("a").getKey()))
            .build();
    String reason = "";
    for (int i = 0; i < TRIES && !reason.endsWith(TOO_FAST); i++) {
      watches.onNext(one);
      WatchResponse answer = (WatchResponse) told.poll(20, TimeUnit.SECONDS);
      assertThat(answer).isNotNull();
      reason = answer.getCancelReason();
    }
    assertThat(reason).isEqualTo("rpc error: code = ResourceExhausted desc = " + TOO_FAST);
    watches.onCompleted();
    assertThat(kv(alice).put(put("a")).hasHeader()).as("alice has a rate of her own").isTrue();
  }

  /** A client of a proxy must learn that its token has ended, also if others send bad ones. */
  @Test
  void badTokensThroughAProxyDoNotHideThatATokenHasEnded() {
    io.grpc.Metadata passed = new io.grpc.Metadata();
    passed.put(io.balsa.rpc.CallHeaders.PROXY_HOPS, "1");
    var kv =
        kv("x.1").withInterceptors(io.grpc.stub.MetadataUtils.newAttachHeadersInterceptor(passed));
    for (int i = 0; i < TRIES; i++) {
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> kv.put(put("a")));
      assertThat(refused.getStatus().getDescription()).isEqualTo("etcdserver: invalid auth token");
    }
  }

  /** An operator must get in, and a lease must not end because its owner sends too much. */
  @Test
  void renewalsAndOperatorsAreNotLimited() throws Exception {
    var grant = LeaseGrantRequest.newBuilder().setTTL(60).build();
    long lease = lease(root).leaseGrant(grant).getID();
    isRefused(alice);
    LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    StreamObserver<LeaseKeepAliveRequest> renewals =
        with(LeaseGrpc.newStub(channel), "token", alice)
            .leaseKeepAlive(new Told<LeaseKeepAliveResponse>(told));
    for (int i = 0; i < TRIES; i++) {
      renewals.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
      assertThat(told.poll(20, TimeUnit.SECONDS)).isInstanceOf(LeaseKeepAliveResponse.class);
    }
    renewals.onCompleted();
    var maintenance = with(MaintenanceGrpc.newBlockingStub(channel), "token", alice);
    for (int i = 0; i < TRIES; i++) {
      assertThat(maintenance.status(StatusRequest.getDefaultInstance()).getLeader()).isNotZero();
      assertThat(maintenance.alarm(AlarmRequest.getDefaultInstance()).hasHeader()).isTrue();
    }
    isRefused(alice);
  }

  @Test
  void watchesOfAStreamAreLimitedButTheStreamGoesOn() throws Exception {
    LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
    StreamObserver<WatchRequest> watches =
        with(WatchGrpc.newStub(channel), "token", alice).watch(new Told<WatchResponse>(told));
    WatchRequest one =
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("a/1")))
            .build();
    boolean refused = false;
    for (int i = 0; i < TRIES && !refused; i++) {
      watches.onNext(one);
      WatchResponse answer = (WatchResponse) told.poll(20, TimeUnit.SECONDS);
      refused = answer != null && answer.getCanceled();
      assertThat(answer).isNotNull();
      assertThat(answer.getCancelReason())
          .isIn("", "rpc error: code = ResourceExhausted desc = " + TOO_FAST);
    }
    assertThat(refused).isTrue();
    PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("a/1")).build();
    assertThat(kv(root).put(put).hasHeader()).isTrue();
    WatchResponse event = (WatchResponse) told.poll(20, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    assertThat(event.getEventsCount()).isEqualTo(1);
    watches.onCompleted();
  }

  @Test
  void withoutUsersTheAddressIsTheUser() throws Exception {
    try (OneServer without = OneServer.start(Access.Settings.DEFAULT.withRequestsPerUser(1))) {
      var own =
          io.grpc.netty.NettyChannelBuilder.forAddress("127.0.0.1", without.port())
              .usePlaintext()
              .build();
      var kv = with(io.balsa.proto.etcdserverpb.KVGrpc.newBlockingStub(own), "token", "");
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> {
                for (int i = 0; i < TRIES; i++) {
                  var _ = kv.put(put("x"));
                }
              });
      assertThat(refused.getStatus().getDescription()).isEqualTo(TOO_FAST);
      own.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }
}
