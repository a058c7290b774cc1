package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.host.FreePorts;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.grpc.Status.Code;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Proxies whose endpoints are proxies (SEC-09, CVE-2020-15114): found out, and nothing piles up.
 */
@Timeout(60)
class ProxyLoopTest {
  private static final int CALLS = 100;

  /** Shorter than a proxy holds a call that came before it knew of the circle. */
  private static final Duration SHORT = Duration.ofMillis(500);

  /** More than what other threads of this process may open meanwhile. */
  private static final long GROWTH_MAX = 20;

  @Test
  void sec09AProxyBeforeItselfIsFoundOut() throws Exception {
    int port = FreePorts.choose(1).getFirst();
    HostPort own = new HostPort("127.0.0.1", port);
    // the same port under another name, so that the settings do not show it
    isFoundOut(own, Proxy.start(ProxyConfig.of(List.of(new HostPort("localhost", port)), own)));
  }

  @Test
  void sec09TwoProxiesInACircleAreFoundOut() throws Exception {
    List<Integer> ports = FreePorts.choose(2);
    HostPort one = new HostPort("127.0.0.1", ports.getFirst());
    HostPort other = new HostPort("127.0.0.1", ports.getLast());
    Proxy second = Proxy.start(ProxyConfig.of(List.of(one), other));
    try {
      isFoundOut(one, Proxy.start(ProxyConfig.of(List.of(other), one)));
    } finally {
      second.stop();
    }
  }

  private static void isFoundOut(HostPort address, Proxy proxy) throws Exception {
    try (EtcdClient client = EtcdClient.open(List.of(address))) {
      until(() -> isRefused(client));
      long before = openFiles();
      for (int i = 0; i < CALLS; i++) {
        assertThat(isRefused(client)).isTrue();
      }
      assertThat(openFiles() - before).isLessThan(GROWTH_MAX);
    } finally {
      proxy.stop();
    }
  }

  private static boolean isRefused(EtcdClient client) {
    PutRequest put = PutRequest.newBuilder().setKey(ProxiedCluster.key(1)).build();
    RequestFailed failed = ProxiedCluster.failure(client.call(KVGrpc.getPutMethod(), put, SHORT));
    return failed.status().getCode() == Code.FAILED_PRECONDITION
        && ProxyLoopGuard.REFUSAL.getDescription().equals(failed.status().getDescription());
  }

  private static long openFiles() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
        .getOpenFileDescriptorCount();
  }
}
