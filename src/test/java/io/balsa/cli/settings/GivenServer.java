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
    return of("server", environment, words);
  }

  /** The same for {@code server} or {@code proxy}. */
  static GivenSettings of(String name, Map<String, String> environment, String... words) {
    CommandLine command = Objects.requireNonNull(CommandRun.program().getSubcommands().get(name));
    ConfiguredCommand configured = command.getCommand();
    configured.addFlags(command.getCommandSpec());
    return GivenSettings.collect(
        command.getCommandSpec(),
        List.of(words),
        new ServerEnvironment(environment, configured.prefixes()),
        () -> CommandRun.program().getCommandSpec());
  }

  static GivenSettings of(String... words) {
    return of(Map.of(), words);
  }
}
