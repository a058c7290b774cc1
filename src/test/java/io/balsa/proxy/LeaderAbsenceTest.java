package io.balsa.proxy;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.logging.LogWatch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log of a proxy that knows no leader. */
@Timeout(60)
class LeaderAbsenceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String LACKS =
      "WARNING no leader is known to the proxy, requests wait or fail; start the servers, and check"
          + " the network between them and to --endpoints";
  private static final String AGAIN =
      "INFO a leader is known to the proxy again, requests are served";

  private final LogWatch log = new LogWatch("");
  private final LeaderAbsence absence = new LeaderAbsence(0);

  @AfterEach
  void stop() {
    log.close();
  }

  /** Its own lines: servers of other tests may still write. */
  private List<String> told() {
    return log.with(" to the proxy");
  }

  private void look(boolean leads, int fromSecond, int toSecond) {
    for (int second = fromSecond; second < toSecond; second++) {
      absence.look(leads, 3, 2, second * SECOND);
    }
  }

  @Test
  void anAbsenceHasOneLineAndItsEndAnother() {
    look(false, 0, 5);
    assertThat(told()).isEmpty();
    look(false, 5, 60);
    assertThat(told()).containsExactly(LACKS + " for=5.000s servers=3 without-answer=2");
    look(true, 60, 70);
    assertThat(told()).hasSize(2).endsWith(AGAIN + " after=60.000s");
    look(false, 70, 80);
    look(true, 80, 90);
    assertThat(told()).hasSize(4).endsWith(AGAIN + " after=10.000s");
  }

  @Test
  void anElectionHasNoLine() {
    look(true, 0, 1);
    look(false, 1, 5);
    look(true, 5, 6);
    look(false, 6, 10);
    look(true, 10, 20);
    assertThat(told()).isEmpty();
  }

  @Test
  void aProxyWithoutServersSaysSo() throws Exception {
    HostPort nobody = new HostPort("127.0.0.1", 1);
    Proxy proxy = Proxy.start(ProxyConfig.of(List.of(nobody), ProxiedCluster.ANY_PORT));
    try {
      until(() -> "the line: " + told(), () -> !told().isEmpty());
      assertThat(told()).hasSize(1);
      assertThat(told().getFirst())
          .startsWith(LACKS + " for=5.")
          .endsWith(" servers=1 without-answer=1");
    } finally {
      proxy.stop();
    }
  }
}
