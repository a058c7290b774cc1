package io.balsa.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.tls.ClientCertificate;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

class ProxyLoopGuardTest {
  /** SEC-12: the server takes no user from the proxy's certificate. */
  @Test
  void everyRequestSaysThatAProxyPassesItOn() {
    Metadata said = new Metadata();
    said.put(ClientCertificate.PASSED_ON, "0");

    assertThat(ProxyLoopGuard.onward(new Metadata()).containsKey(ClientCertificate.PASSED_ON))
        .isTrue();
    assertThat(ProxyLoopGuard.onward(said).getAll(ClientCertificate.PASSED_ON))
        .containsExactly("1");
    assertThat(ProxyLoopGuard.own().containsKey(ClientCertificate.PASSED_ON)).isTrue();
    assertThat(StreamHeaders.of(new Metadata()).onward().containsKey(ClientCertificate.PASSED_ON))
        .isTrue();
  }
}
