package io.balsa.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.attack.Attack;
import io.balsa.attack.AttackData;
import io.balsa.house.SharesCores;
import io.balsa.processes.Launch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Attacks real servers and their proxy, with the default heap. */
@SharesCores
@Order(1)
@ResourceLock(SharesCores.CLUSTER_PORTS)
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class AbuseTest {
  /** One of each kind; {@code balsa drill --abuse} tries all of them, and for longer. */
  private static final List<Attack> ATTACKS =
      List.of(
          Attack.PUT_1_MB,
          Attack.READ_ALL,
          Attack.SORT_ALL,
          Attack.COUNT_AND_LEAVE,
          Attack.UNREAD_GETS,
          Attack.UNREAD_JSON,
          Attack.TXN_READS_LARGE,
          Attack.WATCH_AND_CANCEL,
          Attack.TXN_READS_ITS_PUT,
          Attack.HALF_BODIES,
          Attack.LEASE_STORM,
          Attack.RAPID_RESET,
          Attack.DELETE_WITH_VALUES);

  @Test
  void noRequestEndsAServer() {
    List<String> broken =
        AbuseDrill.run(
            new AbuseDrill.Plan(
                Launch.ofThisProcess(),
                Path.of("target", "abuse-test"),
                new AttackData(100_000, 200),
                ATTACKS,
                20,
                Duration.ofMillis(750),
                Duration.ofSeconds(2),
                false),
            new PrintWriter(System.out, true, UTF_8));

    // tests share the cores of the machine, so waiting times and elections prove nothing here
    assertThat(broken).filteredOn(line -> line.contains(" ended: ")).isEmpty();
  }
}
