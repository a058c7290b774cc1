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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Attacks real servers and their proxy, with the default heap, for a minute. */
@SharesCores
@Order(1)
@ResourceLock(SharesCores.CLUSTER_PORTS)
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class AbuseTest {
  /** They take much longer than a second; {@code FloodTest} and others try them smaller. */
  private static final Set<Attack> LONG =
      EnumSet.of(
          Attack.STREAM_ALL,
          Attack.UNREAD_WATCHES,
          Attack.LOGINS,
          Attack.LOGINS_WITHOUT_USERS,
          Attack.PING_FLOOD,
          Attack.CONTINUATION_FLOOD,
          Attack.HALF_HEADERS,
          Attack.CONNECTIONS);

  @Test
  void noRequestEndsAServer() {
    List<String> broken =
        AbuseDrill.run(
            new AbuseDrill.Plan(
                Launch.ofThisProcess(),
                Path.of("target", "abuse-test"),
                new AttackData(100_000, 200),
                List.copyOf(EnumSet.complementOf(EnumSet.copyOf(LONG))),
                20,
                Duration.ofMillis(750),
                Duration.ofSeconds(2),
                false),
            new PrintWriter(System.out, true, UTF_8));

    // tests share the cores of the machine, so waiting times and elections prove nothing here
    assertThat(broken).filteredOn(line -> line.contains(" ended: ")).isEmpty();
  }
}
