package io.balsa.ctl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
   * The same command line with its global options behind the command. Flags with a value, such as
   * {@code --hex=true}, become plain ones.
   */
  public static String[] behindCommand(CommandLine program, String... args) {
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
    return plainFlags(command.getCommandSpec(), line).toArray(String[]::new);
  }

  /** Options of a command with subcommands are its own, such as --help. */
  private static boolean isGlobal(CommandLine command, String word) {
    return !command.getSubcommands().isEmpty()
        && (option(SPEC, word) != null || isFlagOfAllBelow(command, word));
  }

  /** Such as {@code --cluster} in {@code endpoint --cluster health}. */
  private static boolean isFlagOfAllBelow(CommandLine command, String word) {
    String name = word.replaceFirst("(?s)=.*", "");
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
      return command.findOption(word.replaceFirst("(?s)=.*", ""));
    }
    return word.length() > 1 && word.startsWith("-") ? command.findOption(word.charAt(1)) : null;
  }

  /** The words with {@code --flag} for {@code --flag=true}, and without {@code --flag=false}. */
  public static List<String> plainFlags(CommandSpec command, List<String> words) {
    int separator = words.indexOf("--");
    int end = separator < 0 ? words.size() : separator;
    List<String> plain = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      boolean flag = i < end && equals > 2 && isFlag(command, word.substring(0, equals));
      switch (flag ? word.substring(equals + 1) : "") {
        case "true", "1", "t", "T", "TRUE", "True" -> plain.add(word.substring(0, equals));
        case "false", "0", "f", "F", "FALSE", "False" -> {}
        default -> plain.add(word);
      }
    }
    return plain;
  }

  private static boolean isFlag(CommandSpec command, String name) {
    OptionSpec option = name.startsWith("--") ? command.findOption(name) : null;
    return option != null && option.arity().max() == 0;
  }
}
