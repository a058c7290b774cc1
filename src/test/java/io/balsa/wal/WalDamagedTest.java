package io.balsa.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A damaged log's message and docs/operations.md give the same advice. */
class WalDamagedTest {
  @Test
  void theMessageHoldsWhatTheDocumentAdvises() throws IOException {
    String damaged = String.valueOf(WalDamaged.at("wal/1.wal", 7, "zeros").getMessage());
    String missing = String.valueOf(WalDamaged.missing("wal/1.wal").getMessage());
    String document = Files.readString(Path.of("docs/operations.md"));

    assertThat(damaged).startsWith("log segment wal/1.wal is damaged at offset 7: zeros; ");
    assertThat(missing).startsWith("log segment wal/1.wal is missing (offset 0), ");
    assertThat(document).contains("| log … is damaged at offset …, or is missing | ");
    holds(damaged, "nothing was changed: keep the data directory.");
    holds(document, "keep the directory and save a backup", "The server has changed nothing.");
    holds(damaged, "An empty one does not help, the other members refuse it.");
    holds(document, "An empty directory does not help: the other members refuse a member");
    String last =
        "When the undamaged disk is lost, save a backup at another member, and restore every"
            + " member from it";
    holds(document, last + ".");
    assertThat(damaged).endsWith(last);
    assertThat(missing).endsWith(last);
  }

  private static void holds(String text, String... parts) {
    assertThat(text).contains(parts);
  }
}
