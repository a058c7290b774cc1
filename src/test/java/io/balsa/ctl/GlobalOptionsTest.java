package io.balsa.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.ctl.kv.GetCommand;
import io.balsa.ctl.lease.LeaseCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

class GlobalOptionsTest {
  @Command(
      name = "balsa",
      subcommands = {GetCommand.class, LeaseCommand.class})
  private static final class Program {}

  private static String moved(String line) {
    return String.join(
        " ", GlobalOptions.behindCommand(new CommandLine(new Program()), line.split(" ")).words());
  }

  @ParameterizedTest
  @CsvSource({
    "--endpoints=x:1 get a, get --endpoints=x:1 a",
    "--endpoints x:1 -w json get a, get --endpoints x:1 -w json a",
    "-wjson --hex get a, get -wjson --hex a",
    "-w=json lease --debug list, lease list -w=json --debug",
    "--hex=false get --prefix=true --keys-only=false -- --prefix=true, get --prefix --"
        + " --prefix=true",
    "get a --hex, get a --hex",
    "get --prefix --prefix=false a, get a",
    "--hex=false get --hex a, get --hex a",
    "get --prefix=false --prefix=true --prefix a, get --prefix a",
    "get --prefix=maybe a, get --prefix=maybe a",
    "--version, --version",
    "--frob get, --frob get"
  })
  void globalOptionsMayStandBeforeTheCommand(String typed, String meant) {
    assertThat(moved(typed)).isEqualTo(meant);
  }

  @Test
  void theEnvironmentGivesGlobalOptionsOnly() {
    CommandLine get =
        Objects.requireNonNull(new CommandLine(new Program()).getSubcommands().get("get"));
    OptionSpec endpoints = get.getCommandSpec().findOption("--endpoints");
    OptionSpec prefix = get.getCommandSpec().findOption("--prefix");
    Map<String, String> both = Map.of("ETCDCTL_ENDPOINTS", "e:1", "BALSA_ENDPOINTS", "b:1");

    assertThat(GlobalOptions.areOf(get.getCommandSpec())).isTrue();
    assertThat(GlobalOptions.value(endpoints, both)).isEqualTo("b:1");
    assertThat(GlobalOptions.value(endpoints, Map.of("ETCDCTL_ENDPOINTS", "e:1"))).isEqualTo("e:1");
    assertThat(GlobalOptions.value(endpoints, Map.of("BALSA_ENDPOINTS", ""))).isNull();
    assertThat(GlobalOptions.value(prefix, Map.of("BALSA_PREFIX", "true"))).isNull();
  }

  @Test
  void theyAreThoseOfEtcdctl() {
    assertThat(GlobalOptions.all().stream().map(OptionSpec::longestName))
        .contains(
            "--auth-jwt-token",
            "--cacert",
            "--cert",
            "--command-timeout",
            "--debug",
            "--dial-timeout",
            "--discovery-srv",
            "--discovery-srv-name",
            "--endpoints",
            "--hex",
            "--insecure-discovery",
            "--insecure-skip-tls-verify",
            "--insecure-transport",
            "--keepalive-time",
            "--keepalive-timeout",
            "--key",
            "--max-recv-bytes",
            "--max-request-bytes",
            "--password",
            "--user",
            "--write-out");
  }

  @ParameterizedTest
  @CsvSource({
    "5s, 5000",
    "1m30s, 90000",
    "1.5s, 1500",
    "500ms, 500",
    ".5s, 500",
    "0, 0",
    "2h, 7200000"
  })
  void durationsAreGos(String text, long millis) {
    assertThat(GoDuration.parse("--x", text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "5d", ".s"})
  void otherTextIsNoDuration(String text) {
    assertThatThrownBy(() -> GoDuration.parse("--x", text)).isInstanceOf(BadInput.class);
  }

  @ParameterizedTest
  @CsvSource({"gte, get", "pu, put", "wacth, watch", "--prefx, --prefix"})
  void aSlipOfTheFingerIsUnderstood(String typed, String meant) {
    assertThat(Nearest.to(typed, List.of("get", "put", "del", "watch", "--prefix", "--rev")))
        .containsExactly(meant);
  }

  @Test
  void otherWordsAreNearNothing() {
    assertThat(Nearest.to("frobnicate", List.of("get", "put"))).isEmpty();
    assertThat(Nearest.to("xyz", List.of("get", "put"))).isEmpty();
  }
}
