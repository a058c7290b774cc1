package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorded history is handed to the checker by {@code balsa verify --history}. */
class VerifyHistoryTest {
  private static final String OURS =
      """
      # process called returned key request -> answer
      0 1 2 "k" put "a" -> done
      1 3 4 "k" get -> found "a"
      """;

  private static final String JEPSEN =
      """
      INFO  jepsen.util - 0\t:invoke\t:write\t1
      INFO  jepsen.util - 1\t:invoke\t:cas\t[1 2]
      INFO  jepsen.util - 1\t:info\t:cas\t:timed-out
      INFO  jepsen.util - 0\t:ok\t:write\t1
      INFO  jepsen.util - 6\t:invoke\t:read\tnil
      INFO  jepsen.util - 6\t:ok\t:read\t2
      """;

  @TempDir private Path folder;

  private CommandRun judged(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("history"), text);
    return CommandRun.of("verify", "--history=" + file);
  }

  @Test
  void aLinearizableHistoryEndsWithNought() throws IOException {
    CommandRun ours = judged(OURS);
    assertThat(ours.exitCode()).as(ours.err()).isZero();
    assertThat(ours.out()).startsWith("2 operations: Ok");
    assertThat(judged(JEPSEN).exitCode()).isZero();
  }

  @Test
  void aRefutedHistoryEndsWithOneAndShowsWhatContradicts() throws IOException {
    CommandRun ours = judged(OURS.replace("found \"a\"", "nothing"));
    assertThat(ours.exitCode()).isEqualTo(1);
    assertThat(ours.out()).contains("not linearizable", "1 3 4 \"k\" get -> nothing");
    assertThat(judged(JEPSEN.replace(":ok\t:read\t2", ":ok\t:read\t3")).exitCode()).isEqualTo(1);
  }

  @Test
  void whatIsNoHistoryIsBadInputInOneLine() throws IOException {
    CommandRun words = judged("these are only words\n");
    assertThat(words.exitCode()).isEqualTo(2);
    assertThat(words.err().lines()).hasSize(1);
    assertThat(words.err()).contains("--history: line 1 of the history is not an operation");
    CommandRun empty = judged("\n");
    assertThat(empty.exitCode()).isEqualTo(2);
    assertThat(empty.err()).contains("holds no operations");
    CommandRun missing = CommandRun.of("verify", "--history=" + folder.resolve("nowhere"));
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no file " + folder.resolve("nowhere"));
  }
}
