package io.balsa.cli.settings;

import io.balsa.ctl.BadInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The settings of a command that runs for long, from its flags, its variables or its file. A flag
 * wins over a variable; the last of a repeated flag counts. As in etcd, nothing but the file counts
 * when there is one.
 */
public final class GivenSettings {
  private static final String CONFIG_FILE = "--config-file";

  /** Flags about the process, which count beside a file. */
  private static final List<String> OF_THE_PROCESS =
      List.of("--exit-with-parent", "--ignore-interrupt");

  private final CommandSpec command;
  private final GoFlags.Words line;
  private final List<Given> variables;
  private final List<String> unknown;
  private final @Nullable Given configFile;
  private final List<Given> file;

  private GivenSettings(
      CommandSpec command,
      GoFlags.Words line,
      List<Given> variables,
      List<String> unknown,
      @Nullable Given configFile) {
    this.command = command;
    this.line = line;
    this.variables = variables;
    this.unknown = unknown;
    this.configFile = configFile;
    this.file =
        configFile == null
            ? List.of()
            : ConfigFile.read(command, configFile.source(), configFile.value());
  }

  /**
   * Collects the settings.
   *
   * @param program makes the whole program's command; asked only if a variable is none of this
   *     command
   */
  static GivenSettings collect(
      CommandSpec command,
      List<String> words,
      ServerEnvironment environment,
      Supplier<CommandSpec> program) {
    GoFlags.Words line = GoFlags.read(command, words);
    List<Given> variables = environment.settings(command);
    Given configFile =
        Stream.concat(variables.stream(), line.given().stream())
            .filter(given -> given.flag().equals(CONFIG_FILE) && !given.value().isEmpty())
            .reduce((_, last) -> last)
            .orElse(null);
    List<String> unknown = environment.unknown(command, program);
    return new GivenSettings(command, line, variables, unknown, configFile);
  }

  /** All that was given, also what does not count, from the weakest to the strongest. */
  public List<Given> all() {
    List<Given> all = new ArrayList<>(variables);
    all.addAll(line.given());
    all.addAll(file);
    return all;
  }

  /** What counts, one for each option. */
  public List<Given> counting() {
    Map<OptionSpec, Given> last = new LinkedHashMap<>();
    for (Given given : all()) {
      boolean counts =
          configFile == null
              || given.equals(configFile)
              || file.contains(given)
              || OF_THE_PROCESS.contains(given.flag());
      if (counts) {
        last.put(Objects.requireNonNull(command.findOption(given.flag())), given);
      }
    }
    return List.copyOf(last.values());
  }

  /** The words for the parser: each option once, with its value behind {@code =}. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    counting().forEach(given -> words.add(given.flag() + "=" + given.value()));
    words.addAll(line.rest());
    return words;
  }

  /**
   * Names and values of all settings in turn, as for a log line; then which were given by flags,
   * and which by variables or a file. What has no value is left out.
   *
   * @param meant by flag, the values that the flags stand for, where these are others than the
   *     flags' own; an empty one is left out
   */
  public List<Object> inForce(Map<String, ?> meant) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (OptionSpec option : command.options()) {
      String flag = leading(option);
      boolean set = !option.usageHelp() && !option.versionHelp() && !flag.equals(CONFIG_FILE);
      if (set && !option.hidden()) {
        Object value = meant.containsKey(flag) ? meant.get(flag) : option.getValue();
        fields.put(flag.substring(2), Objects.toString(value, ""));
      }
    }
    fields.put("config-file", configFile == null ? "" : configFile.value());
    fields.put("given-by-flags", sources(true));
    fields.put("given-otherwise", sources(false));
    fields.values().removeIf(String::isEmpty);
    return fields.entrySet().stream()
        .flatMap(field -> Stream.<Object>of(field.getKey(), field.getValue()))
        .toList();
  }

  /** The name with which the help shows an option. */
  static String leading(OptionSpec option) {
    return option.names()[0];
  }

  private String sources(boolean flags) {
    return counting().stream()
        .filter(given -> given.source().equals(given.flag()) == flags)
        .map(Given::source)
        .collect(Collectors.joining(","));
  }

  /** Lines about what was given and does not count. */
  public List<String> warnings() {
    List<String> lines = new ArrayList<>();
    unknown.forEach(name -> lines.add(name + " is no variable of this program: ignored"));
    Given from = configFile;
    List<Given> counting = counting();
    for (Given given : all()) {
      if (from != null && !counting.contains(given) && !given.flag().equals(CONFIG_FILE)) {
        lines.add(
            "%s is ignored: with %s nothing else counts".formatted(given.source(), from.source()));
      } else if (!given.source().equals(given.flag()) && !counting.contains(given)) {
        lines.add(given.source() + " is ignored: " + strongerThan(given, counting) + " counts");
      }
    }
    return lines;
  }

  private String strongerThan(Given weak, List<Given> counting) {
    String option = command.findOption(weak.flag()).longestName();
    return counting.stream()
        .filter(given -> command.findOption(given.flag()).longestName().equals(option))
        .map(Given::source)
        .findFirst()
        .orElse(weak.flag());
  }

  /** The same error, with the variable or the line of the file that gave the wrong value. */
  BadInput inWordsOfSource(String message) {
    for (Given given : counting()) {
      for (String name : Objects.requireNonNull(command.findOption(given.flag())).names()) {
        String after = message.startsWith(name) ? message.substring(name.length()) : "-";
        if (!after.startsWith("-") && !after.isEmpty()) {
          return new BadInput(given.source() + after);
        }
      }
    }
    return new BadInput(message);
  }
}
