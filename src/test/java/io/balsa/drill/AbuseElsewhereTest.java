package io.balsa.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.balsa.api.EtcdProcess;
import io.balsa.attack.Attack;
import io.balsa.attack.AttackData;
import io.balsa.bytes.HostPort;
import io.balsa.house.SharesCores;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attacks a real etcd. */
@SharesCores
@Timeout(120)
class AbuseElsewhereTest {
  @Test
  void aStoreThatRunsIsAttackedAndAPoliteClientIsTimed() throws Exception {
    StringWriter text = new StringWriter();
    assumeTrue(EtcdProcess.installed().isPresent());
    try (EtcdProcess server = EtcdProcess.start(EtcdProcess.installed().get(), "--bcrypt-cost=4")) {
      HostPort address = new HostPort("127.0.0.1", server.port());
      AbuseElsewhere.run(
          new AbuseElsewhere.Plan(
              List.of(address),
              new AttackData(1_000, 1),
              List.of(Attack.READ_ALL, Attack.LOGINS),
              2,
              Duration.ofSeconds(1)),
          new PrintWriter(text));
    }

    assertThat(text.toString())
        .contains("put p99 ms")
        .containsPattern("reads of every key +[0-9]+ +[0-9]+ +0 of [1-9][0-9]* +no +[1-9]")
        .containsPattern("right and wrong passwords +[0-9]+ +[0-9]+ +0 of [1-9][0-9]* +no +[1-9]");
  }
}
