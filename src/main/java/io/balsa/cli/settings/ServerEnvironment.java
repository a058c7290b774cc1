package io.balsa.cli.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Settings from variables: {@code BALSA_DATA_DIR} or {@code ETCD_DATA_DIR} for {@code --data-dir},
 * and so on. An empty variable counts as none, as in etcd.
 */
final class ServerEnvironment {
  /** What the variables of all our commands begin with. */
  static final String OURS = "BALSA_";

  /** Variables that are no settings of a command. */
  private static final Set<String> OTHERS =
      Set.of("ETCD_UNSUPPORTED_ARCH", "BALSA_JAVA_OPTS", "BALSA_BUILD");

  private final Map<String, String> variables;
  private final List<String> prefixes;

  /**
   * Takes variables by their prefixes.
   *
   * @param prefixes from the weakest to the strongest
   */
  ServerEnvironment(Map<String, String> variables, List<String> prefixes) {
    this.variables = new TreeMap<>(variables);
    this.prefixes = prefixes;
  }

  /** The settings of a command; of two for one flag, the stronger comes later. */
  List<Given> settings(CommandSpec command) {
    List<Given> given = new ArrayList<>();
    for (String prefix : prefixes) {
      for (OptionSpec option : command.options()) {
        for (String flag : option.names()) {
          String name = variable(prefix, flag);
          String value = variables.getOrDefault(name, "");
          if (!value.isEmpty() && GoFlags.find(command, flag) != null) {
            given.add(new Given(flag, GoFlags.value(option, name, value), name));
          }
        }
      }
    }
    return given;
  }

  /**
   * The variables with one of the prefixes that mean nothing. Other commands may share our own
   * prefix.
   *
   * @param all makes the whole program's command; asked only if the command itself does not know
   *     one
   */
  List<String> unknown(CommandSpec command, Supplier<CommandSpec> all) {
    Set<String> known = new HashSet<>(OTHERS);
    prefixes.forEach(prefix -> addNames(known, prefix, command));
    if (!without(known).isEmpty()) {
      addNames(known, OURS, all.get());
    }
    return without(known);
  }

  private List<String> without(Set<String> known) {
    return variables.keySet().stream()
        .filter(name -> prefixes.stream().anyMatch(name::startsWith) && !known.contains(name))
        .toList();
  }

  private static void addNames(Set<String> known, String prefix, CommandSpec command) {
    command.optionsMap().keySet().forEach(flag -> known.add(variable(prefix, flag)));
    command
        .subcommands()
        .values()
        .forEach(below -> addNames(known, prefix, below.getCommandSpec()));
  }

  static String variable(String prefix, String flag) {
    return prefix + flag.replaceFirst("^--?", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
