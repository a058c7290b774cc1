package io.balsa.api;

import static io.balsa.api.AtOneServer.refused;
import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.AuthDisableRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthStatusRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserListRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.Compare;
import io.balsa.proto.etcdserverpb.DeleteRangeRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrantRequest;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesRequest;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveRequest;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.RequestOp;
import io.balsa.proto.etcdserverpb.StatusRequest;
import io.balsa.proto.etcdserverpb.TxnRequest;
import io.grpc.Status.Code;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Users, roles and tokens over gRPC; the rules of permissions have their tests in {@code kv}. */
@SharesCores
class UsersTest extends AtServerWithUsers {
  @Test
  void aTokenOpensTheKeysOfItsUser() {
    kv(alice).put(put("a1"));
    assertThat(kv(alice).range(range("a1")).getCount()).isEqualTo(1);
    refused(() -> kv(alice).put(put("b1")), Code.PERMISSION_DENIED, DENIED);
    refused(() -> kv(alice).range(range("b1")), Code.PERMISSION_DENIED, DENIED);
    kv(root).put(put("b1"));
    String noName = "etcdserver: user name is empty";
    refused(() -> kv("").put(put("a1")), Code.INVALID_ARGUMENT, noName);
    refused(() -> kv("").range(range("a1")), Code.INVALID_ARGUMENT, noName);
    String noToken = "etcdserver: invalid auth token";
    refused(() -> kv("abc.1").put(put("a1")), Code.UNAUTHENTICATED, noToken);
    refused(() -> kv("x").range(range("a1")), Code.UNAUTHENTICATED, noToken);
  }

  private Object renewed(String token, long id) throws InterruptedException {
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    var stream = with(LeaseGrpc.newStub(channel), "token", token).leaseKeepAlive(new Told<>(told));
    stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    Object answer = told.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return answer;
  }

  @Test
  void bothHeadersAndTheWordBearerAreTaken() {
    for (String header : new String[] {"token", "authorization"}) {
      for (String value : new String[] {alice, "Bearer " + alice}) {
        with(KVGrpc.newBlockingStub(channel), header, value).put(put("a1"));
      }
    }
  }

  @Test
  void aTokenOfALaterIndexIsWaitedFor() throws Exception {
    String letters = alice.substring(0, alice.indexOf('.') + 1);
    String later = letters + (one.node.appliedIndex() + 3);
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    with(KVGrpc.newStub(channel), "token", later).range(range("a1"), new Told<>(told));
    assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
    for (int i = 0; i < 3; i++) {
      kv(root).put(put("k"));
    }
    assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull().isNotInstanceOf(Throwable.class);
  }

  @Test
  void aUserSeesItselfAndRootSeesAll() {
    AuthUserGetRequest self = AuthUserGetRequest.newBuilder().setName("alice").build();
    assertThat(auth(alice).userGet(self).getRolesList()).containsExactly("a");
    AuthRoleGetRequest own = AuthRoleGetRequest.newBuilder().setRole("a").build();
    assertThat(auth(alice).roleGet(own).getPermCount()).isEqualTo(1);
    AuthUserGetRequest other = AuthUserGetRequest.newBuilder().setName("root").build();
    refused(() -> auth(alice).userGet(other), Code.PERMISSION_DENIED, DENIED);
    AuthUserListRequest all = AuthUserListRequest.getDefaultInstance();
    refused(() -> auth(alice).userList(all), Code.PERMISSION_DENIED, DENIED);
    assertThat(auth(root).userList(all).getUsersList()).containsExactly("alice", "root");
    AuthRoleGetRequest rootRole = AuthRoleGetRequest.newBuilder().setRole("root").build();
    refused(() -> auth(alice).roleGet(rootRole), Code.PERMISSION_DENIED, DENIED);
    AuthRoleGrantPermissionRequest none =
        AuthRoleGrantPermissionRequest.newBuilder().setName("a").build();
    refused(() -> auth(alice).roleGrantPermission(none), Code.PERMISSION_DENIED, DENIED);
    refused(
        () -> auth(root).roleGrantPermission(none),
        Code.INVALID_ARGUMENT,
        "etcdserver: permission not given");
    assertThat(auth("").authStatus(AuthStatusRequest.getDefaultInstance()).getEnabled()).isTrue();
  }

  @Test
  void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
    String failed = "etcdserver: authentication failed, invalid user ID or password";
    for (String name : new String[] {"alice", "nobody"}) {
      AuthenticateRequest wrong =
          AuthenticateRequest.newBuilder().setName(name).setPassword("wrong").build();
      refused(() -> auth("").authenticate(wrong), Code.INVALID_ARGUMENT, failed);
    }
  }

  @Test
  void sec19ATokenEndsWithItsPassword() {
    auth(root)
        .userChangePassword(
            AuthUserChangePasswordRequest.newBuilder()
                .setName("alice")
                .setPassword("alice-pw")
                .build());
    refused(() -> kv(alice).put(put("a1")), Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
    kv(login("alice")).put(put("a1"));
  }

  @Test
  void anUnusedTokenEndsAndAUsedOneLives() throws Exception {
    assertThat(one.node.tokens().all()).hasSize(2);
    until(
        () -> {
          kv(alice).put(put("a1"));
          return one.node.tokens().all().size() == 1;
        });
    refused(() -> kv(root).put(put("a1")), Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
    kv(alice).put(put("a1"));
  }

  @Test
  void leasesNeedTheRightsToTheirKeys() throws Exception {
    long id = lease(alice).leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()).getID();
    kv(root).put(put("b1").toBuilder().setLease(id).build());
    refused(
        () -> kv(alice).put(put("a1").toBuilder().setLease(id).build()),
        Code.PERMISSION_DENIED,
        DENIED);
    LeaseTimeToLiveRequest time = LeaseTimeToLiveRequest.newBuilder().setID(id).build();
    assertThat(lease(alice).leaseTimeToLive(time).getGrantedTTL()).isEqualTo(60);
    LeaseTimeToLiveRequest keys = time.toBuilder().setKeys(true).build();
    refused(() -> lease(alice).leaseTimeToLive(keys), Code.PERMISSION_DENIED, DENIED);
    LeaseLeasesRequest all = LeaseLeasesRequest.getDefaultInstance();
    refused(() -> lease(alice).leaseLeases(all), Code.PERMISSION_DENIED, DENIED);
    assertThat(lease(root).leaseLeases(all).getLeasesCount()).isEqualTo(1);
    assertThat(renewed(alice, id))
        .hasToString("io.grpc.StatusRuntimeException: PERMISSION_DENIED: " + DENIED);
    assertThat(renewed(root, id)).isInstanceOf(LeaseKeepAliveResponse.class);
    kv(root)
        .deleteRange(DeleteRangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("b1")).build());
    assertThat(renewed(alice, id)).isInstanceOf(LeaseKeepAliveResponse.class);
  }

  @Test
  void withoutUsersInForceEverybodyMayDoAll() {
    auth(root).authDisable(AuthDisableRequest.getDefaultInstance());
    kv("").put(put("z"));
    kv("x").put(put("z"));
    StatusRequest status = StatusRequest.getDefaultInstance();
    assertThat(with(MaintenanceGrpc.newBlockingStub(channel), "token", "").status(status))
        .isNotNull();
    refused(
        () -> login("alice"),
        Code.FAILED_PRECONDITION,
        "etcdserver: authentication is not enabled");
  }

  /**
   * What a transaction would cost is looked at before it is applied, and depends on its compares.
   */
  @Test
  void theCostOfATransactionTellsNothingOfKeysThatItsCallerMayNotRead() {
    kv(root).put(put("secret"));
    TxnRequest.Builder txn =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setKey(ByteString.copyFromUtf8("secret"))
                    .setTarget(Compare.CompareTarget.VERSION)
                    .setVersion(1))
            .addFailure(RequestOp.newBuilder().setRequestPut(put("a")));
    for (int i = 0; i < 6; i++) {
      txn.addSuccess(RequestOp.newBuilder().setRequestRange(range("a").toBuilder().setRevision(1)));
    }
    refused(() -> kv(alice).txn(txn.build()), Code.PERMISSION_DENIED, DENIED);
    refused(() -> kv("").txn(txn.build()), Code.INVALID_ARGUMENT, "etcdserver: user name is empty");
  }
}
