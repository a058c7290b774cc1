package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import io.balsa.proxy.Proxy;
import io.balsa.proxy.ProxyConfig;
import io.balsa.server.BalsaServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases, locks and elections by the commands, at a server and through a proxy before it. */
@SharesCores
@Timeout(120)
class LeaseLockElectTest {
  private static final Path FOLDER = Path.of("target", "lease-lock-elect-test");

  private BalsaServer server;
  private Proxy proxy;
  private String atServer;
  private String atProxy;

  @BeforeEach
  void start() throws Exception {
    TestFolders.delete(FOLDER);
    server = BalsaServer.start(OnLoopback.settings(FOLDER.resolve("data")));
    HostPort address = new HostPort("127.0.0.1", server.clientAddress().getPort());
    proxy = Proxy.start(ProxyConfig.of(List.of(address), new HostPort("127.0.0.1", 0)));
    atServer = OnLoopback.endpoint(server);
    atProxy = "--endpoints=127.0.0.1:" + proxy.addresses().getFirst().getPort();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.stop();
    server.close();
    TestFolders.delete(FOLDER);
  }

  private static String grant(String endpoint, String ttl) {
    CommandRun granted = CommandRun.of("lease", "grant", ttl, endpoint);
    assertThat(granted.out()).matches("lease [0-9a-f]{16} granted with TTL\\(" + ttl + "s\\)\n");
    return granted.out().substring(6, 22);
  }

  @Test
  void leasesAtAServer() {
    leases(atServer);
  }

  @Test
  void leasesThroughAProxy() {
    leases(atProxy);
  }

  private static void leases(String endpoint) {
    String lease = grant(endpoint, "100");
    assertThat(CommandRun.of("put", "k", "v", "--lease=" + lease, endpoint).exitCode()).isZero();
    assertThat(CommandRun.of("lease", "list", endpoint).out())
        .isEqualTo("found 1 leases\n" + lease + "\n");
    assertThat(CommandRun.of("lease", "timetolive", lease, "--keys", endpoint).out())
        .matches(
            "lease "
                + lease
                + " granted with TTL\\(100s\\), remaining\\(\\d+s\\), attached keys\\(\\[k]\\)\n");
    assertThat(CommandRun.of("lease", "timetolive", lease, "-o", "json", endpoint).out())
        .contains("\"granted-ttl\":100");
    assertThat(CommandRun.of("lease", "keep-alive", lease, "--once", endpoint).out())
        .isEqualTo("lease " + lease + " keepalived with TTL(100)\n");
    assertThat(CommandRun.of("lease", "revoke", lease, endpoint).out())
        .isEqualTo("lease " + lease + " revoked\n");
    assertThat(CommandRun.of("get", "k", endpoint).out()).isEmpty();
    assertThat(CommandRun.of("lease", "timetolive", lease, endpoint).out())
        .isEqualTo("lease " + lease + " already expired\n");
    CommandRun late = CommandRun.of("lease", "keep-alive", lease, endpoint);
    assertThat(late.exitCode()).isZero();
    assertThat(late.out()).isEqualTo("lease " + lease + " expired or revoked.\n");
    CommandRun once = CommandRun.of("lease", "keep-alive", lease, "--once", endpoint);
    assertThat(once.exitCode()).isEqualTo(1);
    assertThat(once.err())
        .isEqualTo("balsa lease keep-alive: etcdserver: requested lease not found\n");
  }

  @Test
  void badInputIsOneLine() {
    assertThat(CommandRun.of("lease").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("lease", "grant", "0")).isEqualTo(refused("lease grant", "TTL: '0'"));
    assertThat(CommandRun.of("lease", "revoke", "xyz"))
        .isEqualTo(refused("lease revoke", "ID: 'xyz'"));
    assertThat(CommandRun.of("elect", "boss").err())
        .isEqualTo("balsa elect: give a VALUE or --listen\n");
    assertThat(CommandRun.of("elect", "boss", "me", "--listen").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("lock", "l", "--ttl=0").exitCode()).isEqualTo(2);
    CommandRun none = CommandRun.of("lock", "l", "./not-there", "--endpoints=127.0.0.1:1");
    assertThat(none.exitCode()).isEqualTo(1);
  }

  private static CommandRun refused(String command, String what) {
    String why =
        what.startsWith("TTL")
            ? " is not a number of seconds from 1 on"
            : " is not the id of a lease; 'balsa lease list' shows them";
    return new CommandRun(2, ByteString.EMPTY, "", "balsa " + command + ": " + what + why + "\n");
  }

  @Test
  void aLockIsHeldByOneAtATime() throws Exception {
    try (RunningCommand first = new RunningCommand("lock", "l", atServer)) {
      String key = first.await(out -> out.startsWith("l/")).strip();
      assertThat(CommandRun.of("get", key, "--keys-only", atServer).out()).startsWith(key);

      RunningCommand second = new RunningCommand("lock", "l", atProxy, "-o", "json");
      awaitKeys("l/", 2);
      assertThat(second.runs()).isTrue();

      assertThat(first.interrupt().exitCode()).isZero();
      second.await(out -> out.contains("\"create_revision\""));
      assertThat(second.interrupt()).extracting(CommandRun::exitCode).isEqualTo(0);
    }
    awaitKeys("l/", 0);
  }

  private void awaitKeys(String prefix, int count) throws Exception {
    until(
        () ->
            CommandRun.of("get", prefix, "--prefix", "--count-only", atServer)
                .out()
                .equals(count + "\n"));
  }

  @Test
  void aCommandRunsUnderALockAndItsExitCodeIsTheAnswer() throws Exception {
    Path seen = FOLDER.resolve("seen");
    String script = "echo $ETCD_LOCK_KEY $ETCD_LOCK_REV > " + seen.toAbsolutePath() + "; exit 7";

    CommandRun run = CommandRun.of("lock", atProxy, "job", "--", "sh", "-c", script);

    assertThat(run).isEqualTo(new CommandRun(7, ByteString.EMPTY, "", ""));
    assertThat(Files.readString(seen)).matches("job/[0-9a-f]+ 2\n");
    awaitKeys("job/", 0);
    CommandRun missing = CommandRun.of("lock", atServer, "job", "./not-there");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).startsWith("balsa lock: COMMAND: ").contains("./not-there");
    assertThat(CommandRun.of("lock", atProxy, "job", "no-such-program").err())
        .isEqualTo("balsa lock: COMMAND: there is no program 'no-such-program'\n");
  }

  @Test
  void aLostLeaseEndsALockAndItsCommand() throws Exception {
    try (RunningCommand holder =
        new RunningCommand("lock", "l", "--ttl=3", atServer, "sleep", "1000")) {
      awaitKeys("l/", 1);
      String lease = CommandRun.of("lease", "list", atServer).out().lines().toList().getLast();
      CommandRun.of("lease", "revoke", lease, atServer);

      CommandRun end = holder.end();

      assertThat(end.exitCode()).isEqualTo(1);
      assertThat(end.err())
          .isEqualTo("balsa lock: the lock is lost: its lease has expired or was revoked\n");
    }
  }

  @Test
  void oneOfManyLeadsAndOthersSeeIt() throws Exception {
    try (RunningCommand listener = new RunningCommand("elect", "--listen", "boss", atProxy);
        RunningCommand first = new RunningCommand("elect", "boss", "one", atServer)) {
      first.await(out -> out.endsWith("\none\n"));
      listener.await(out -> out.endsWith("\none\n"));
      RunningCommand second = new RunningCommand("elect", "boss", "two", atProxy);
      awaitKeys("boss/", 2);

      assertThat(first.interrupt().exitCode()).isZero();

      second.await(out -> out.endsWith("\ntwo\n"));
      String all = listener.await(out -> out.endsWith("\ntwo\n"));
      assertThat(all.lines()).hasSize(4);
      assertThat(second.interrupt().exitCode()).isZero();
    }
  }
}
