package io.balsa.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.rpc.CallHeaders;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

class ProxyLoopGuardTest {
  /** SEC-12: the server takes no user from the proxy's certificate. */
  @Test
  void everyRequestSaysThatAProxyPassesItOn() {
    Metadata said = new Metadata();
    said.put(CallHeaders.PROXY_HOPS, "0");

    assertThat(ProxyLoopGuard.onward(new Metadata()).containsKey(CallHeaders.PROXY_HOPS)).isTrue();
    assertThat(ProxyLoopGuard.onward(said).getAll(CallHeaders.PROXY_HOPS)).containsExactly("1");
    assertThat(ProxyLoopGuard.own().containsKey(CallHeaders.PROXY_HOPS)).isTrue();
    assertThat(StreamHeaders.of(new Metadata()).onward().containsKey(CallHeaders.PROXY_HOPS))
        .isTrue();
  }

  @Test
  void aClientDoesNotChooseItsAddress() {
    Metadata said = new Metadata();
    said.put(CallHeaders.CLIENT_ADDRESS, "192.0.2.1");
    assertThat(ProxyLoopGuard.onward(said).containsKey(CallHeaders.CLIENT_ADDRESS)).isFalse();
  }
}
