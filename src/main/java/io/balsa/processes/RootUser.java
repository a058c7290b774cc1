package io.balsa.processes;

import io.balsa.bytes.HostPort;
import io.balsa.client.Credentials;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the user {@code root} of a cluster and puts its users in force. Each step may be repeated,
 * so it goes on where an earlier run has ended.
 */
final class RootUser {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofMillis(100);
  private static final String ROOT = "root";

  private final EtcdCalls calls;
  private final String password;
  private final ClusterSecurity security;
  private String trouble = "no answer";

  private RootUser(EtcdCalls calls, String password, ClusterSecurity security) {
    this.calls = calls;
    this.password = password;
    this.security = security;
  }

  /**
   * Returns once users are in force; at once for a cluster without users.
   *
   * @throws InstrumentFailure when root has another password, or no server does it within 60 s
   */
  static void enable(List<HostPort> addresses, ClusterSecurity security) {
    Credentials.@Nullable Password root = security.root();
    if (root == null) {
      return;
    }
    try (EtcdCalls calls =
        new EtcdCalls(EtcdClient.open(addresses, security.settings()), ASK_LIMIT)) {
      new RootUser(calls, root.password(), security).enable();
    }
  }

  private void enable() {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!isDone()) {
      if (System.nanoTime() - end > 0) {
        throw new InstrumentFailure(
            "the users could not be put in force within " + LIMIT.toSeconds() + " s: " + trouble);
      }
      Awaiting.pause(AGAIN);
    }
  }

  private boolean isDone() {
    try {
      if (!EtcdCalls.await(calls.authStatus()).getEnabled()) {
        makeRoot();
        EtcdCalls.await(calls.authEnable());
      }
      return true;
    } catch (RequestFailed failed) {
      trouble = String.valueOf(failed.getMessage());
      if (trouble.startsWith("etcdserver: authentication failed")) {
        throw new InstrumentFailure(
            "%s does not hold root's password: bring the right file back, or begin with another folder"
                .formatted(security.passwordFile()),
            failed);
      }
      calls.connectNow();
      return false;
    }
  }

  private void makeRoot() throws RequestFailed {
    try {
      EtcdCalls.await(
          calls.userAdd(
              AuthUserAddRequest.newBuilder().setName(ROOT).setPassword(password).build()));
    } catch (RequestFailed failed) {
      if (!"etcdserver: user name already exists".equals(failed.getMessage())) {
        throw failed;
      }
      EtcdCalls.await(
          calls.userChangePassword(
              AuthUserChangePasswordRequest.newBuilder()
                  .setName(ROOT)
                  .setPassword(password)
                  .build()));
    }
    EtcdCalls.await(
        calls.userGrantRole(
            AuthUserGrantRoleRequest.newBuilder().setUser(ROOT).setRole(ROOT).build()));
  }
}
