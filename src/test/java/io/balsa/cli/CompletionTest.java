package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.house.SharesCores;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@SharesCores
class CompletionTest {
  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void aScriptNamesEveryCommandAndItsOptions(String shell) {
    CommandRun run = CommandRun.of("completion", shell);

    assertThat(run.exitCode()).as(run.err()).isZero();
    for (CommandLine each : Main.commandLine().getSubcommands().values()) {
      if (!each.getCommandSpec().usageMessage().hidden()) {
        assertThat(run.out()).contains(each.getCommandName());
      }
    }
    assertThat(run.out()).contains("keep-alive", "print-value-only");
  }

  @Test
  void bashReadsTheScript() throws Exception {
    ByteString script = CommandRun.of("completion", "bash").bytes();
    if (!Files.isExecutable(Path.of("/bin/bash"))) {
      return;
    }
    Process bash =
        new ProcessBuilder(
                "/bin/bash",
                "-c",
                "source /dev/stdin && COMP_WORDS=(balsa lea) COMP_CWORD=1 && _complete_balsa"
                    + " && echo ${COMPREPLY[@]}")
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = bash.getOutputStream()) {
      script.writeTo(in);
    }

    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("lease\n");
    assertThat(bash.waitFor()).isZero();
  }

  @Test
  void anotherShellIsRefusedOnOneLine() {
    CommandRun run = CommandRun.of("completion", "powershell");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("balsa completion: 'powershell' is none of bash, zsh, fish\n");
  }

  @Test
  void fishAsksForTheCommandsBeforeAnOption() {
    assertThat(CommandRun.of("completion", "fish").out())
        .contains(
            "-n '__fish_seen_subcommand_from lease; and not __fish_seen_subcommand_from"
                + " grant revoke timetolive keep-alive list' -a grant -d ");
  }
}
