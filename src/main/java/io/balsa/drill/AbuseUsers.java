package io.balsa.drill;

import io.balsa.attack.Attack;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.Credentials;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.processes.InstrumentFailure;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import java.time.Duration;
import java.util.List;

/** Users in force while this is open: root, as whom the polite client works, and the attacker. */
final class AbuseUsers implements AutoCloseable {
  static final Credentials ROOT = new Credentials.Password("root", "root-of-the-drill");

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<HostPort> addresses;

  private AbuseUsers(List<HostPort> addresses) {
    this.addresses = addresses;
  }

  /** Makes the users, if they are missing, and enables them. */
  static AbuseUsers enable(List<HostPort> addresses) {
    try (EtcdCalls calls = EtcdCalls.open(addresses, LIMIT)) {
      if (EtcdCalls.await(calls.userList()).getUsersCount() == 0) {
        add(calls, "root", "root-of-the-drill");
        add(calls, Attack.USER, Attack.PASSWORD);
        EtcdCalls.await(calls.roleAdd(AuthRoleAddRequest.newBuilder().setName("root").build()));
        EtcdCalls.await(
            calls.userGrantRole(
                AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build()));
      }
      EtcdCalls.await(calls.authEnable());
    } catch (RequestFailed failed) {
      throw new InstrumentFailure("users cannot be enabled: " + failed.getMessage(), failed);
    }
    return new AbuseUsers(addresses);
  }

  private static void add(EtcdCalls calls, String name, String password) throws RequestFailed {
    EtcdCalls.await(
        calls.userAdd(AuthUserAddRequest.newBuilder().setName(name).setPassword(password).build()));
  }

  /** A client as root; the polite client must not be delayed by the attack's failed logins. */
  static EtcdCalls asRoot(List<HostPort> addresses, Duration limit) {
    return new EtcdCalls(EtcdClient.open(addresses, ClientSettings.DEFAULT.as(ROOT)), limit);
  }

  @Override
  public void close() {
    try (EtcdCalls calls = asRoot(addresses, LIMIT)) {
      EtcdCalls.await(calls.authDisable());
    } catch (RequestFailed failed) {
      throw new InstrumentFailure("users cannot be disabled: " + failed.getMessage(), failed);
    }
  }
}
