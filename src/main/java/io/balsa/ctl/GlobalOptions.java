package io.balsa.ctl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options that every client command has. As with etcdctl, they may stand before the command,
 * and in the environment.
 */
public final class GlobalOptions {
  private static final List<String> PREFIXES = List.of("BALSA_", "ETCDCTL_");
  private static final CommandSpec SPEC = CommandSpec.forAnnotatedObject(new All());

  @Command(name = "options")
  static final class All {
    @Mixin ClientOptions client;
    @Mixin OutputOptions output;
  }

  private GlobalOptions() {}

  /** All of them, with what they mean. */
  public static List<OptionSpec> all() {
    return SPEC.options();
  }

  /** Whether a command is one that talks to a cluster. */
  public static boolean areOf(CommandSpec command) {
    return command.findOption("--command-timeout") != null;
  }

  /**
   * The value of an option in the environment: {@code BALSA_ENDPOINTS} wins over {@code
   * ETCDCTL_ENDPOINTS}. An empty variable counts as missing.
   *
   * @return null when there is none, and for options of a single command
   */
  public static @Nullable String value(OptionSpec option, Map<String, String> environment) {
    if (SPEC.findOption(option.longestName()) == null) {
      return null;
    }
    String name =
        option.longestName().substring(2).replace('-', '_').toUpperCase(java.util.Locale.ROOT);
    return PREFIXES.stream()
        .map(prefix -> environment.getOrDefault(prefix + name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse(null);
  }

  /**
   * A command line for the parser.
   *
   * @param flags the longest names of the boolean options that it sets to true or to false
   */
  public record Line(List<String> words, Set<String> flags) {}

  /**
   * The same command line with its global options behind the command. Flags with a value, such as
   * {@code --hex=true}, become plain ones.
   */
  public static Line behindCommand(CommandLine program, String... args) {
    List<String> global = new ArrayList<>();
    List<String> line = new ArrayList<>();
    CommandLine command = program;
    int at = 0;
    while (at < args.length) {
      CommandLine next = command.getSubcommands().get(args[at]);
      if (next != null) {
        command = next;
        line.add(args[at++]);
      } else if (isGlobal(command, args[at])) {
        int words = takesNext(args[at]) ? 2 : 1;
        int end = Math.min(args.length, at + words);
        global.addAll(Arrays.asList(args).subList(at, end));
        at = end;
      } else {
        break;
      }
    }
    line.addAll(global);
    line.addAll(Arrays.asList(args).subList(at, args.length));
    CommandSpec spec = command.getCommandSpec();
    return new Line(plainFlags(spec, line), lastMentions(spec, line).keySet());
  }

  /** Options of a command with subcommands are its own, such as --help. */
  private static boolean isGlobal(CommandLine command, String word) {
    return !command.getSubcommands().isEmpty()
        && (option(SPEC, word) != null || isFlagOfAllBelow(command, word));
  }

  /** Such as {@code --cluster} in {@code endpoint --cluster health}. */
  private static boolean isFlagOfAllBelow(CommandLine command, String word) {
    String name = name(word);
    return option(command.getCommandSpec(), word) == null
        && command.getSubcommands().values().stream()
            .allMatch(each -> isFlag(each.getCommandSpec(), name));
  }

  private static boolean takesNext(String word) {
    OptionSpec option = option(SPEC, word);
    boolean attached = word.startsWith("--") ? word.contains("=") : word.length() > 2;
    return option != null && option.arity().min() > 0 && !attached;
  }

  private static @Nullable OptionSpec option(CommandSpec command, String word) {
    if (word.startsWith("--")) {
      return command.findOption(name(word));
    }
    return word.length() > 1 && word.startsWith("-") ? command.findOption(word.charAt(1)) : null;
  }

  /**
   * The words with {@code --flag} for {@code --flag=true}, and without {@code --flag=false}. The
   * last of a repeated flag counts.
   */
  public static List<String> plainFlags(CommandSpec command, List<String> words) {
    Collection<Integer> last = lastMentions(command, words).values();
    List<String> plain = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      Boolean value = i < flagsEnd(words) ? flagValue(command, word) : null;
      if (value == null) {
        plain.add(word);
      } else if (value && last.contains(i)) {
        plain.add(name(word));
      }
    }
    return plain;
  }

  /** Where each flag is set for the last time, by its longest name. */
  private static Map<String, Integer> lastMentions(CommandSpec command, List<String> words) {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < flagsEnd(words); i++) {
      if (flagValue(command, words.get(i)) != null) {
        last.put(command.findOption(name(words.get(i))).longestName(), i);
      }
    }
    return last;
  }

  private static int flagsEnd(List<String> words) {
    int separator = words.indexOf("--");
    return separator < 0 ? words.size() : separator;
  }

  /** The value that a word gives to a flag; null when it is no flag, or its value is none. */
  private static @Nullable Boolean flagValue(CommandSpec command, String word) {
    String name = name(word);
    if (!isFlag(command, name)) {
      return null;
    }
    return switch (word.equals(name) ? "true" : word.substring(name.length() + 1)) {
      case "true", "1", "t", "T", "TRUE", "True" -> true;
      case "false", "0", "f", "F", "FALSE", "False" -> false;
      default -> null;
    };
  }

  private static String name(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? word : word.substring(0, equals);
  }

  private static boolean isFlag(CommandSpec command, String name) {
    OptionSpec option = name.startsWith("--") ? command.findOption(name) : null;
    return option != null && option.arity().max() == 0;
  }
}
