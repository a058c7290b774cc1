package io.balsa.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.balsa.api.EtcdProcess;
import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import io.balsa.processes.Awaiting;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.PutResponse;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.rpc.Channels;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logging in at a real etcd with authentication. */
@SharesCores
@Timeout(60)
class LoginTest {
  private static final Credentials ROOT = new Credentials.Password("root", "r-secret");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static EtcdProcess etcd;

  @BeforeAll
  static void start() throws IOException, RequestFailed {
    assumeTrue(EtcdProcess.installed().isPresent());
    etcd = EtcdProcess.start(EtcdProcess.installed().get(), "--bcrypt-cost=4");
    try (EtcdCalls calls = calls(null)) {
      enableUsers(calls);
    }
  }

  private static void enableUsers(EtcdCalls calls) throws RequestFailed {
    EtcdCalls.await(calls.userAdd(user("root", "r-secret")));
    EtcdCalls.await(calls.roleAdd(AuthRoleAddRequest.newBuilder().setName("root").build()));
    EtcdCalls.await(calls.userGrantRole(root("root")));
    EtcdCalls.await(calls.authEnable());
  }

  @AfterAll
  static void stop() {
    if (etcd != null) {
      etcd.close();
    }
  }

  private static AuthUserAddRequest user(String name, String password) {
    return AuthUserAddRequest.newBuilder().setName(name).setPassword(password).build();
  }

  private static AuthUserGrantRoleRequest root(String user) {
    return AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole("root").build();
  }

  private static EtcdCalls calls(@Nullable Credentials who) {
    return new EtcdCalls(client(who), TIMEOUT);
  }

  private static EtcdClient client(@Nullable Credentials who) {
    List<HostPort> address = List.of(new HostPort("127.0.0.1", etcd.port()));
    return EtcdClient.open(address, ClientSettings.DEFAULT.as(who));
  }

  private static PutRequest put(String key) {
    return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  private static RangeRequest range(String key) {
    return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  /** A server forgets the tokens of a user whose password is set, even to the same one. */
  private static void endTokensOfRoot(EtcdCalls other) throws RequestFailed {
    EtcdCalls.await(
        other.userChangePassword(
            AuthUserChangePasswordRequest.newBuilder()
                .setName("root")
                .setPassword("r-secret")
                .build()));
  }

  @Test
  void aUserMayAndNobodyMayNot() throws RequestFailed {
    try (EtcdCalls root = calls(ROOT);
        EtcdCalls nobody = calls(null)) {
      assertThat(EtcdCalls.await(root.put(put("a"))).hasHeader()).isTrue();
      assertThatThrownBy(() -> EtcdCalls.await(nobody.put(put("a"))))
          .hasMessage("etcdserver: user name is empty");
    }
  }

  @Test
  void aWrongPasswordIsToldWithoutTheWord() {
    try (EtcdCalls wrong = calls(new Credentials.Password("root", "guess-123"))) {
      assertThatThrownBy(() -> EtcdCalls.await(wrong.range(range("a"))))
          .isInstanceOf(RequestFailed.class)
          .hasMessage("etcdserver: authentication failed, invalid user ID or password")
          .hasToString(
              "io.balsa.client.RequestFailed: etcdserver: authentication failed, invalid user ID or password");
    }
  }

  @Test
  void aTokenThatEndedIsRenewed() throws RequestFailed {
    try (EtcdCalls root = calls(ROOT);
        EtcdCalls other = calls(ROOT)) {
      EtcdCalls.await(root.put(put("a")));
      endTokensOfRoot(other);

      assertThat(EtcdCalls.await(root.put(put("a"))).hasHeader()).isTrue();
      endTokensOfRoot(other);
      assertThat(EtcdCalls.await(root.range(range("a"))).getCount()).isEqualTo(1);
    }
  }

  @Test
  void manyCallsAtOnceRenewTogether() throws RequestFailed {
    try (EtcdCalls root = calls(ROOT);
        EtcdCalls other = calls(ROOT)) {
      EtcdCalls.await(root.put(put("n")));
      endTokensOfRoot(other);
      List<CompletableFuture<PutResponse>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(root.put(put("n")));
      }
      for (CompletableFuture<PutResponse> each : all) {
        EtcdCalls.await(each);
      }

      long version = EtcdCalls.await(root.range(range("n"))).getKvs(0).getVersion();
      assertThat(version).as("each was done once").isEqualTo(101);
    }
  }

  @Test
  void aChangedPasswordEndsTheRenewals() throws RequestFailed {
    try (EtcdCalls root = calls(ROOT);
        EtcdCalls bob = calls(new Credentials.Password("bob", "b1"))) {
      EtcdCalls.await(root.userAdd(user("bob", "b1")));
      EtcdCalls.await(root.userGrantRole(root("bob")));
      EtcdCalls.await(bob.put(put("b")));
      EtcdCalls.await(
          root.userChangePassword(
              AuthUserChangePasswordRequest.newBuilder().setName("bob").setPassword("b2").build()));

      assertThatThrownBy(() -> EtcdCalls.await(bob.put(put("b"))))
          .hasMessage("etcdserver: authentication failed, invalid user ID or password");
    }
  }

  @Test
  void aForeignTokenIsSentAsItIs() {
    try (EtcdCalls forged = calls(new Credentials.Token("no-such-token.1"))) {
      assertThatThrownBy(() -> EtcdCalls.await(forged.put(put("a"))))
          .hasMessage("etcdserver: invalid auth token");
    }
  }

  @Test
  void streamsLogInToo() throws RequestFailed, InterruptedException {
    try (EtcdClient client = client(ROOT);
        EtcdCalls root = new EtcdCalls(client, TIMEOUT);
        ResumingWatch watch =
            root.watch(
                WatchCreateRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("w"))
                    .setStartRevision(1)
                    .build());
        Session session = Session.open(client, 10, TIMEOUT)) {
      EtcdCalls.await(root.put(put("w")));

      assertThat(watch.next().getEvents(0).getKv().getKey().toStringUtf8()).isEqualTo("w");
      assertThat(session.lost()).isNotDone();
      assertThat(new LeaseRenewal(client, session.lease()).once(TIMEOUT).getTTL()).isPositive();
    }
  }

  @Test
  void streamsRenewTheirTokenToo() throws RequestFailed, InterruptedException {
    try (EtcdClient client = client(ROOT);
        EtcdCalls root = new EtcdCalls(client, TIMEOUT);
        EtcdCalls other = calls(ROOT);
        Session session = Session.open(client, 60, TIMEOUT)) {
      endTokensOfRoot(other);
      LeaseRenewal renewal = new LeaseRenewal(client, session.lease());
      assertThat(renewal.once(TIMEOUT).getTTL()).isPositive();

      EtcdCalls.await(root.put(put("v")));
      boolean namesReason = !EtcdCalls.await(root.status()).getVersion().startsWith("3.4.");
      if (namesReason) { // 3.4 only says that it does not permit the watch
        endTokensOfRoot(other);
      }
      WatchCreateRequest create =
          WatchCreateRequest.newBuilder()
              .setKey(ByteString.copyFromUtf8("v"))
              .setStartRevision(1)
              .build();
      try (ResumingWatch watch = root.watch(create)) {
        assertThat(watch.next().getEvents(0).getKv().getKey().toStringUtf8()).isEqualTo("v");
      }
    }
  }

  @Test
  void whereAuthenticationIsOffItIsNotNeeded() throws IOException, RequestFailed {
    try (EtcdProcess open = EtcdProcess.start(EtcdProcess.installed().get());
        EtcdCalls calls =
            new EtcdCalls(
                EtcdClient.open(
                    List.of(new HostPort("127.0.0.1", open.port())),
                    ClientSettings.DEFAULT.as(ROOT)),
                TIMEOUT)) {
      EtcdCalls.await(calls.put(put("a")));
      enableUsers(calls);

      assertThat(EtcdCalls.await(calls.put(put("a"))).hasHeader())
          .as("it logs in as soon as that is needed")
          .isTrue();
    }
  }

  @Test
  void aLoginMayTakeLongerThanTheCallsThatWaitForIt() throws IOException, RequestFailed {
    Duration tooShort = Duration.ofMillis(100);
    try (EtcdProcess slow = EtcdProcess.start(EtcdProcess.installed().get(), "--bcrypt-cost=13");
        EtcdCalls calls =
            new EtcdCalls(
                EtcdClient.open(
                    List.of(new HostPort("127.0.0.1", slow.port())),
                    ClientSettings.DEFAULT.as(ROOT)),
                TIMEOUT)) {
      enableUsers(calls);
      EtcdCalls hasty = calls.within(tooShort);
      assertThatThrownBy(() -> EtcdCalls.await(hasty.range(range("a"))))
          .isInstanceOf(RequestFailed.class);

      Awaiting.until("an answer", TIMEOUT, () -> answers(hasty));
    }
  }

  @Test
  void aCallThatIsCancelledAsItsTokenComesHoldsUpNobody() throws Exception {
    AtomicReference<@Nullable ClientCall<?, ?>> victim = new AtomicReference<>();
    EventLoopGroup group = Channels.eventLoops(1, "login-test");
    ManagedChannel channel =
        Channels.to(new HostPort("127.0.0.1", etcd.port()), group, ClientSettings.DEFAULT.tls())
            .intercept(cancelling(victim), new Login(ROOT, group))
            .build();
    try {
      ClientCall<RangeRequest, RangeResponse> first =
          channel.newCall(KVGrpc.getRangeMethod(), CallOptions.DEFAULT);
      victim.set(first);
      ListenableFuture<RangeResponse> cancelled = ClientCalls.futureUnaryCall(first, range("a"));
      ListenableFuture<RangeResponse> other =
          ClientCalls.futureUnaryCall(
              channel.newCall(KVGrpc.getRangeMethod(), CallOptions.DEFAULT), range("a"));

      assertThat(other.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).hasHeader()).isTrue();
      assertThatThrownBy(() -> cancelled.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
          .hasMessageContaining("CANCELLED");
    } finally {
      channel.shutdownNow();
      var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  /** Cancels a call just after its start with a token, as a client on another thread may do. */
  private static ClientInterceptor cancelling(AtomicReference<@Nullable ClientCall<?, ?>> victim) {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new ForwardingClientCall.SimpleForwardingClientCall<>(
            next.newCall(method, options)) {
          @Override
          public void start(Listener<A> responses, Metadata headers) {
            super.start(responses, headers);
            ClientCall<?, ?> now =
                method.getServiceName().endsWith("KV") ? victim.getAndSet(null) : null;
            if (now != null) {
              now.cancel("the test is over", null);
            }
          }
        };
      }
    };
  }

  private static boolean answers(EtcdCalls calls) {
    try {
      return EtcdCalls.await(calls.range(range("a"))).hasHeader();
    } catch (RequestFailed _) {
      return false;
    }
  }

  @Test
  void noTextShowsASecret() {
    assertThat(ROOT.toString()).isEqualTo("Password[user=root]");
    assertThat(new Credentials.Token("abc").toString()).isEqualTo("Token[]");
    assertThat(ClientSettings.DEFAULT.as(ROOT).toString()).doesNotContain("r-secret");
  }
}
