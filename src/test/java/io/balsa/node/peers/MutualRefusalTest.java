package io.balsa.node.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.logging.LogWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MutualRefusalTest {
  private final LogWatch log = new LogWatch("");

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void anotherDataDirectoryIsNoMatterOfFlags() {
    String reason = "member 7 came with another data directory than it had: give it back";

    MutualRefusal.log("b", 7, "h:1", reason);
    MutualRefusal.log("b", 9, "h:1", MutualRefusal.byMember(reason));

    String line =
        "WARNING a member and this server refuse each other because of a data directory; start the"
            + " refused one with its own data directory; when that is lost, restore every member"
            + " from a backup of one of them member=b member-id=";
    assertThat(log.with("refuse each other"))
        .containsExactly(
            line + "7 address=h:1 refused=\"the member\" reason=\"" + reason + "\"",
            line + "9 address=h:1 refused=\"this server\" reason=\"" + reason + "\"");
  }

  @Test
  void anotherClusterIsAMatterOfFlags() {
    MutualRefusal.log("b", 7, "h:1", MutualRefusal.byMember("cluster a is not b"));

    assertThat(log.with("refuse each other"))
        .containsExactly(
            "WARNING a member and this server refuse each other; compare --initial-cluster and"
                + " --initial-cluster-token on both member=b member-id=7 address=h:1"
                + " refused=\"this server\" reason=\"cluster a is not b\"");
  }
}
