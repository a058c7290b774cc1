package io.balsa.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.check.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the data of the servers stay after a run. */
class VerifyDataTest {
  @TempDir private Path out;

  @ParameterizedTest
  @CsvSource({
    "true, HOLD, false, false",
    "true, HOLD, true, true",
    "true, BROKEN, false, true",
    "true, UNKNOWN, false, true",
    "false, HOLD, false, true"
  })
  void onlyAGoodRunWithoutKeepDeletesThem(
      boolean linearizable, WatchVerdict.Kind watches, boolean keep, boolean stay)
      throws IOException {
    Path data = Files.createDirectories(out.resolve("data"));
    Files.createFile(Files.createDirectory(data.resolve("server-1")).resolve("log"));
    Path report = Files.createFile(out.resolve("history.txt"));
    Verdict answers = linearizable ? new Verdict.Ok(7) : new Verdict.Unknown("too long");
    StringWriter said = new StringWriter();

    Verify.deleteUnlessKept(
        data,
        new Verify.Outcome(answers, new WatchVerdict(watches, "", "")),
        keep,
        new PrintWriter(said, true));

    assertThat(Files.exists(data)).isEqualTo(stay);
    assertThat(said.toString().strip())
        .isEqualTo(stay ? "data and logs of the servers: " + data : "");
    assertThat(report).exists();
  }
}
