package io.balsa.cli.settings;

import io.balsa.cli.CommandRun;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;

/** The settings of {@code balsa server} as the program collects them, without a start. */
final class GivenServer {
  private GivenServer() {}

  static GivenSettings of(Map<String, String> environment, String... words) {
    CommandLine command =
        Objects.requireNonNull(CommandRun.program().getSubcommands().get("server"));
    EtcdFlags.load().addTo(command.getCommandSpec());
    return GivenSettings.collect(
        command.getCommandSpec(),
        List.of(words),
        new ServerEnvironment(environment, List.of("ETCD_", "BALSA_")),
        () -> CommandRun.program().getCommandSpec());
  }

  static GivenSettings of(String... words) {
    return of(Map.of(), words);
  }
}
