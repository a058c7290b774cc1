package io.balsa.cli.settings;

import io.balsa.cli.CommandRun;
import java.util.ArrayList;
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
    return of(command(name), environment, words);
  }

  static GivenSettings of(String... words) {
    return of(Map.of(), words);
  }

  private static GivenSettings of(
      CommandLine command, Map<String, String> environment, String... words) {
    ConfiguredCommand configured = command.getCommand();
    configured.addFlags(command.getCommandSpec());
    return GivenSettings.collect(
        command.getCommandSpec(),
        List.of(words),
        new ServerEnvironment(environment, configured.prefixes()),
        () -> CommandRun.program().getCommandSpec());
  }

  private static CommandLine command(String name) {
    return Objects.requireNonNull(CommandRun.program().getSubcommands().get(name));
  }

  /** The fields of the line about the settings in force. */
  static List<Object> inForce(String... words) {
    CommandLine command = command("server");
    GivenSettings given = of(command, Map.of(), words);
    List<String> line = new ArrayList<>(List.of("server"));
    line.addAll(given.words());
    command.getParent().parseArgs(line.toArray(String[]::new));
    ServerOptions flags =
        command.getCommandSpec().mixins().values().stream()
            .map(mixin -> mixin.userObject())
            .filter(ServerOptions.class::isInstance)
            .map(ServerOptions.class::cast)
            .findFirst()
            .orElseThrow();
    return given.inForce(flags.meant(flags.settings().build()));
  }
}
