package io.balsa.server;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.host.FileDisk;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BalsaServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path root;

  @Test
  void threeServersInOneProcessLeaveNothingBehind() throws Exception {
    RunningThreads before = new RunningThreads();
    List<BalsaServer> servers = new ArrayList<>();
    for (ServerSettings settings : Loopback.cluster(root, 3)) {
      servers.add(BalsaServer.start(settings));
    }

    put(servers.getFirst(), "a", "1");
    BalsaServer leader = leaderOf(servers);
    leader.close();
    servers.remove(leader);
    assertThat(get(servers.getFirst(), "a")).isEqualTo("1");
    put(servers.getLast(), "a", "2");
    assertThat(get(servers.getFirst(), "a")).isEqualTo("2");
    servers.forEach(BalsaServer::close);

    before.awaitEndOfOthers();
    for (String name : List.of("m0", "m1", "m2")) {
      new FileDisk(root).delete(name);
    }
    assertThat(root).isEmptyDirectory();
  }

  private static BalsaServer leaderOf(List<BalsaServer> servers) throws Exception {
    CompletableFuture<BalsaServer> leader = new CompletableFuture<>();
    until(
        () ->
            servers.stream()
                .filter(server -> server.leader() == server.memberId())
                .anyMatch(leader::complete));
    return leader.get();
  }

  private static void put(BalsaServer server, String key, String value) throws RequestFailed {
    PutRequest request = PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
    try (EtcdCalls calls = EtcdCalls.open(List.of(Loopback.address(server)), PATIENCE)) {
      EtcdCalls.await(calls.put(request));
    }
  }

  /** A linearizable read. */
  private static String get(BalsaServer server, String key) throws RequestFailed {
    RangeRequest request = RangeRequest.newBuilder().setKey(bytes(key)).build();
    try (EtcdCalls calls = EtcdCalls.open(List.of(Loopback.address(server)), PATIENCE)) {
      RangeResponse answer = EtcdCalls.await(calls.range(request));
      return answer.getKvs(0).getValue().toStringUtf8();
    }
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Test
  void aClosedServerStartsAgain() throws Exception {
    ServerSettings settings = Loopback.alone(root.resolve("data")).build();
    for (int i = 0; i < 3; i++) {
      try (BalsaServer server = BalsaServer.start(settings)) {
        put(server, "k" + i, "v" + i);
        assertThat(get(server, "k0")).isEqualTo("v0");
      }
    }
  }

  @Test
  void aSecondCloseDoesNothing() throws Exception {
    BalsaServer server = BalsaServer.start(Loopback.alone(root.resolve("data")).build());
    server.close();
    server.close();
  }

  @Test
  void anInterruptedThreadClosesAsWell() throws Exception {
    RunningThreads before = new RunningThreads();
    BalsaServer server = BalsaServer.start(Loopback.alone(root.resolve("data")).build());
    Thread.currentThread().interrupt();
    server.close();
    assertThat(Thread.interrupted()).isTrue();
    before.awaitEndOfOthers();
  }

  @Test
  void twoServersOnOnePortAreOneTooMany() throws Exception {
    RunningThreads before = new RunningThreads();
    try (BalsaServer server = BalsaServer.start(Loopback.alone(root.resolve("data")).build())) {
      HostPort taken = Loopback.address(server);
      ServerSettingsBuilder second = Loopback.alone(root.resolve("second"));
      assertThatThrownBy(() -> BalsaServer.start(second.listenClients(List.of(taken)).build()))
          .isInstanceOf(ServerFailure.class)
          .hasMessageStartingWith("cannot listen for clients on " + taken + " (")
          .hasMessageEndingWith("): end what listens there or choose another address");
      assertThatThrownBy(
              () ->
                  BalsaServer.start(
                      second
                          .listenClients(List.of(Loopback.ANY, Loopback.ANY))
                          .listenPeers(List.of(taken))
                          .build()))
          .hasMessageStartingWith("cannot listen for peers on " + taken);
    }
    before.awaitEndOfOthers();
  }

  @Test
  void aDirectoryIsForOneServer() throws Exception {
    ServerSettings settings = Loopback.alone(root.resolve("data")).build();
    try (BalsaServer server = BalsaServer.start(settings)) {
      assertThat(server.leader()).isIn(0L, server.memberId());
      assertThatThrownBy(() -> BalsaServer.start(settings))
          .isInstanceOf(ServerFailure.class)
          .hasMessageContaining("is in use by another process");
    }
  }

  @Test
  void aDirectoryThatMustExistIsNotMade() {
    ServerSettings settings = Loopback.alone(root.resolve("none")).existing(true).build();
    assertThatThrownBy(() -> BalsaServer.start(settings))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("there is no data directory " + root.resolve("none"));
  }

  /** A volume that is not mounted leaves an empty directory. */
  @Test
  void aDirectoryThatMustHoldDataIsNotBegun() throws Exception {
    Path data = Files.createDirectory(root.resolve("unmounted"));
    ServerSettings settings = Loopback.alone(data).existing(true).build();
    assertThatThrownBy(() -> BalsaServer.start(settings))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("the data directory " + data + " holds no data");
    assertThat(data).isEmptyDirectory();
    BalsaServer.start(Loopback.alone(data).build()).close();
    BalsaServer.start(settings).close();
  }

  @Test
  void dataOfAnotherClusterAreRefusedByTheNameOfTheirDirectory() throws Exception {
    Path data = root.resolve("data");
    BalsaServer.start(Loopback.alone(data).build()).close();
    ServerSettings other = Loopback.alone(data).initialClusterToken("other").build();
    assertThatThrownBy(() -> BalsaServer.start(other))
        .isInstanceOf(ServerFailure.class)
        .hasMessageStartingWith("data directory " + data + ": log segment ")
        .hasMessageContaining("check --data-dir, --name, --initial-cluster and");
  }

  @Test
  void whatIsOnTheDiskAndCannotBeUsedIsTold() throws Exception {
    Path data = root.resolve("data");
    RunningThreads before = new RunningThreads();
    BalsaServer.start(Loopback.alone(data).build()).close();
    Files.createFile(data.resolve("restoring"));
    assertThatThrownBy(() -> BalsaServer.start(Loopback.alone(data).build()))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("restore again");
    before.awaitEndOfOthers();
  }

  /** The log needs a new segment, and there is no directory for one any more. */
  @Test
  void aServerThatMustNotGoOnHaltsAlone() throws Exception {
    RunningThreads before = new RunningThreads();
    CompletableFuture<String> reason = new CompletableFuture<>();
    Path data = root.resolve("data");
    BalsaServer halting = BalsaServer.start(Loopback.alone(data).onHalt(reason::complete).build());
    BalsaServer other = BalsaServer.start(Loopback.alone(root.resolve("other")).build());
    put(other, "a", "1");
    new FileDisk(data).delete("wal");

    assertThatThrownBy(() -> fill(halting)).isInstanceOf(RequestFailed.class);

    assertThat(reason.get(10, TimeUnit.SECONDS)).startsWith("the log cannot be written");
    assertThat(get(other, "a")).isEqualTo("1");
    halting.close();
    other.close();
    before.awaitEndOfOthers();
    new FileDisk(root).delete("data");
    BalsaServer.start(Loopback.alone(data).build()).close();
  }

  private static void fill(BalsaServer server) throws RequestFailed {
    String value = "v".repeat(1 << 20);
    try (EtcdCalls calls =
        EtcdCalls.open(List.of(Loopback.address(server)), Duration.ofSeconds(3))) {
      for (int i = 0; i < 100; i++) {
        EtcdCalls.await(
            calls.put(PutRequest.newBuilder().setKey(bytes("k")).setValue(bytes(value)).build()));
      }
    }
  }

  /** A start that does not wait is too short to be cut off; the caller then closes the server. */
  @Test
  void aStartThatIsCancelledTooLateSpeaksOfNoDamage() throws Exception {
    RunningThreads before = new RunningThreads();
    BalsaServer.start(Loopback.alone(root.resolve("data")).build(), () -> true).close();
    before.awaitEndOfOthers();
  }
}
