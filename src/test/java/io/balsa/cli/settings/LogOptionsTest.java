package io.balsa.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.ctl.BadInput;
import io.balsa.logging.LogSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LogOptionsTest {
  private static LogSettings of(String... flags) {
    LogOptions options = new LogOptions();
    new CommandLine(new Flags(options)).parseArgs(flags);
    return options.settings();
  }

  @CommandLine.Command
  static final class Flags {
    @CommandLine.Mixin final LogOptions options;

    Flags(LogOptions options) {
      this.options = options;
    }
  }

  @Test
  void withoutFlagsTheSettingsAreTheDefaults() {
    assertThat(of()).isEqualTo(LogSettings.DEFAULTS);
  }

  @Test
  void everythingCanBeSet() {
    assertThat(
            of(
                "--log-level=warn",
                "--log-format=json",
                "--log-outputs=stdout,/var/log/balsa.log",
                "--enable-log-rotation",
                "--log-rotation-config-json={\"maxsize\": 5, \"maxbackups\": 3, \"compress\":"
                    + " true}"))
        .isEqualTo(
            new LogSettings(
                LogSettings.Level.WARN,
                LogSettings.Format.JSON,
                List.of("stdout", "/var/log/balsa.log"),
                Optional.of(new LogSettings.Rotation(5, 0, 3, false, true))));
  }

  @Test
  void etcdsNamesAreTaken() {
    assertThat(of("--logger=zap", "--log-format=console", "--log-outputs=systemd/journal"))
        .isEqualTo(LogSettings.DEFAULTS);
    assertThat(of("--enable-log-rotation=false").rotation()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "--logger=capnslog, --logger: 'capnslog' is not zap",
        "--log-level=loud, --log-level: 'loud' is not one of debug",
        "--log-format=xml, --log-format: 'xml' is not one of text",
        "--log-outputs=, --log-outputs: '' holds an empty output",
        "\"--log-outputs=default,stderr\", --log-outputs: 'default' stands alone",
        "--enable-log-rotation, --enable-log-rotation: --log-outputs names 0 files",
        "--log-rotation-config-json=[], --log-rotation-config-json: '[]' is not like",
        "--log-rotation-config-json={, --log-rotation-config-json: '{' is not like",
        "--log-rotation-config-json={max:1}, --log-rotation-config-json: '{max:1}' is not like",
        "--log-rotation-config-json={maxsize:-1}, is not like",
        "--log-rotation-config-json={maxsize:1.5}, is not like",
        "--log-rotation-config-json={compress:1}, is not like"
      })
  void aWrongValueIsRefusedByName(String flag, String line) {
    assertThatThrownBy(() -> of(flag)).isInstanceOf(BadInput.class).hasMessageContaining(line);
  }
}
