package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.AuthEnableRequest;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.AuthenticateResponse;
import io.grpc.Attributes;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logins of several clients behind one proxy, before three real servers. */
@SharesCores
@Timeout(60)
class LoginsBehindProxyTest {
  private RealServers servers;
  private Proxy proxy;
  private ManagedChannel here;

  @BeforeEach
  void open() throws Exception {
    servers = new RealServers();
    proxy = Proxy.start(ProxyConfig.of(servers.addresses(), ProxiedCluster.ANY_PORT));
    until(() -> proxy.serves() && proxy.cluster().nearest().size() == 3);
    here = to(proxy).usePlaintext().build();
  }

  @AfterEach
  void close() throws Exception {
    here.shutdownNow();
    proxy.stop();
    servers.close();
  }

  private static NettyChannelBuilder to(Proxy proxy) {
    HostPort address = ProxiedCluster.addressOf(proxy);
    return NettyChannelBuilder.forAddress(address.host(), address.port());
  }

  private void users() {
    AuthGrpc.AuthBlockingStub auth = new UserOfProxy(here, "").auth();
    for (String user : new String[] {"root", "alice"}) {
      auth.userAdd(AuthUserAddRequest.newBuilder().setName(user).setPassword(user + "-pw").build());
    }
    auth.userGrantRole(
        AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build());
    auth.authEnable(AuthEnableRequest.getDefaultInstance());
  }

  /** A client without credentials keeps the servers busy with logins through the same proxy. */
  @Test
  void sec11AFloodOfLoginsShutsOutNoOtherClient() throws Exception {
    users();
    ManagedChannel elsewhere =
        to(proxy)
            .localSocketPicker(
                new NettyChannelBuilder.LocalSocketPicker() {
                  @Override
                  public SocketAddress createSocketAddress(SocketAddress to, Attributes with) {
                    return new InetSocketAddress("127.0.0.2", 0);
                  }
                })
            .usePlaintext()
            .build();
    AtomicInteger refused = new AtomicInteger();
    try {
      for (int i = 0; i < 100; i++) {
        flood(elsewhere, i % 2 == 0 ? "random" + i : "alice", refused);
      }
      until(() -> refused.get() > 200);
      for (int i = 0; i < 5; i++) {
        assertThat(UserOfProxy.login(here, "root").token()).isNotEmpty();
        assertThat(UserOfProxy.login(here, "alice").token()).isNotEmpty();
      }
    } finally {
      elsewhere.shutdownNow();
    }
  }

  /** Logs in again and again, until the channel ends. */
  private static void flood(ManagedChannel channel, String user, AtomicInteger refused) {
    AuthenticateRequest wrong =
        AuthenticateRequest.newBuilder().setName(user).setPassword("wrong").build();
    AuthGrpc.newStub(channel)
        .authenticate(
            wrong,
            new StreamObserver<AuthenticateResponse>() {
              @Override
              public void onNext(AuthenticateResponse answer) {
                throw new AssertionError("a wrong password");
              }

              @Override
              public void onError(Throwable failure) {
                refused.incrementAndGet();
                if (!channel.isShutdown()) {
                  flood(channel, user + (user.equals("alice") ? "" : "x"), refused);
                }
              }

              @Override
              public void onCompleted() {}
            });
  }
}
