package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptCompleterTest {
  private final PromptCompleter completer = new PromptCompleter(3);

  @TempDir private Path folder;

  @Test
  void whatCompletesDependsOnWhatStandsBefore() {
    assertThat(completer.words(List.of(), "")).contains("put", "kill", "quit").doesNotContain("1");
    assertThat(completer.words(List.of("kill"), "")).containsExactly("1", "2", "3", "leader");
    assertThat(completer.words(List.of("start"), "")).containsExactly("1", "2", "3");
    assertThat(completer.words(List.of("kill", "1"), "")).isEmpty();
    assertThat(completer.words(List.of("get"), "--"))
        .contains("--prefix", "--keys-only")
        .doesNotContain("--endpoints");
    assertThat(completer.words(List.of("get"), "k")).isEmpty();
  }

  @Test
  void theHistoryIsAFileOfTheUserAlone() throws Exception {
    Path file = PromptHistory.file(Map.of(), folder.toString());

    assertThat(file).isEqualTo(folder.resolve(".local/state/balsa/history"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.writeString(file, "put a b\n");
    assertThat(PromptHistory.file(Map.of(), folder.toString())).hasContent("put a b");
    assertThat(PromptHistory.file(Map.of(), "/proc/none")).isNull();
  }
}
