package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.HostPort;
import io.balsa.logging.LogWatch;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log of a proxy whose servers have host names that nothing resolves. */
@Timeout(60)
class UnresolvedHostsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String LINE =
      "WARNING the host of an endpoint cannot be resolved, it is tried again;"
          + " check its spelling and the name service host=";

  private final LogWatch log = new LogWatch("");

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void eachHostHasOneLineAMinute() {
    UnresolvedHosts hosts = new UnresolvedHosts();
    List<Status> failures = List.of(unresolved("one"), Status.UNAVAILABLE, unresolved("two"));
    for (int second = 0; second < 60; second++) {
      hosts.look(failures, second * SECOND);
    }
    assertThat(log.lines()).containsExactly(LINE + "one", LINE + "two");

    hosts.look(failures, 60 * SECOND);
    assertThat(log.lines()).hasSize(4).endsWith(LINE + "one", LINE + "two");
  }

  private static Status unresolved(String host) {
    return Status.UNAVAILABLE.withDescription("Unable to resolve host " + host);
  }

  /** A proxy looks for its servers again several times a second. */
  @Test
  void aProxyLogsTheHostOnceAndNoStackTrace() throws Exception {
    HostPort nowhere = new HostPort("nowhere.invalid", 2379);
    Proxy proxy = Proxy.start(ProxyConfig.of(List.of(nowhere), ProxiedCluster.ANY_PORT));
    try {
      until(
          () -> "a line about the host: " + log.lines(),
          () -> log.lines().contains(LINE + "nowhere.invalid"));
      putInVain(ProxiedCluster.addressOf(proxy));
      assertThat(log.lines()).filteredOn((LINE + "nowhere.invalid")::equals).hasSize(1);
      assertThat(String.join("\n", log.lines())).doesNotContain("UnknownHostException", "\tat ");
    } finally {
      proxy.stop();
    }
  }

  /** The proxy holds the request, and looks for a leader meanwhile. */
  private static void putInVain(HostPort address) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
    KVGrpc.KVBlockingStub kv =
        KVGrpc.newBlockingStub(channel).withDeadlineAfter(1_500, TimeUnit.MILLISECONDS);
    assertThatThrownBy(() -> kv.put(PutRequest.getDefaultInstance()))
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }
}
