package io.balsa.cli.settings;

import io.balsa.ctl.BadInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Flags in Go's form, which etcd takes: {@code -name} means {@code --name}. A flag that is not
 * boolean takes the next word, whatever it is. A boolean flag has its value only behind {@code =}.
 */
public final class GoFlags {
  private static final Pattern SINGLE_DASH =
      Pattern.compile("-[a-z][a-z0-9]*[a-z0-9-]*(=.*)?", Pattern.DOTALL);
  private static final List<String> TRUE = List.of("1", "t", "T", "true", "TRUE", "True");
  private static final List<String> FALSE = List.of("0", "f", "F", "false", "FALSE", "False");

  private GoFlags() {}

  /** The command line with {@code --name} for {@code -name}, up to a bare {@code --}. */
  public static String[] doubleDashed(String... args) {
    int end = Arrays.asList(args).indexOf("--");
    int flags = end < 0 ? args.length : end;
    return IntStream.range(0, args.length)
        .mapToObj(i -> i < flags ? doubleDashed(args[i]) : args[i])
        .toArray(String[]::new);
  }

  private static String doubleDashed(String arg) {
    boolean word = arg.length() > 2 && arg.charAt(2) != '=';
    return word && SINGLE_DASH.matcher(arg).matches() ? "-" + arg : arg;
  }

  /**
   * The words of a command line.
   *
   * @param given the flags with their values, in order
   * @param rest the words that are no flag of the command with a value
   */
  record Words(List<Given> given, List<String> rest) {}

  /** Reads words as Go does. */
  static Words read(CommandSpec command, List<String> words) {
    List<Given> given = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    int next = 0;
    while (next < words.size()) {
      String word = doubleDashed(words.get(next++));
      if (word.equals("--")) {
        rest.addAll(words.subList(next - 1, words.size()));
        break;
      }
      int equals = word.indexOf('=');
      OptionSpec option = find(command, equals < 0 ? word : word.substring(0, equals));
      if (option == null) {
        rest.add(word);
      } else if (equals >= 0) {
        given.add(given(option, word.substring(0, equals), word.substring(equals + 1)));
      } else if (isBoolean(option)) {
        given.add(given(option, word, "true"));
      } else if (next < words.size()) {
        given.add(given(option, word, words.get(next++)));
      } else {
        throw new BadInput(word + ": a value is missing");
      }
    }
    return new Words(given, rest);
  }

  private static Given given(OptionSpec option, String flag, String value) {
    return new Given(flag, value(option, flag, value), flag);
  }

  /** The option of a flag; null for none, and for help. */
  static @Nullable OptionSpec find(CommandSpec command, String flag) {
    OptionSpec option = flag.startsWith("--") ? command.findOption(flag) : null;
    return option == null || option.usageHelp() || option.versionHelp() ? null : option;
  }

  static boolean isBoolean(OptionSpec option) {
    return option.type() == boolean.class || option.type() == Boolean.class;
  }

  /** A value as text; Go's forms of a boolean become {@code true} or {@code false}. */
  static String value(OptionSpec option, String source, String text) {
    if (!isBoolean(option)) {
      return text;
    }
    if (!TRUE.contains(text) && !FALSE.contains(text)) {
      throw new BadInput(source + ": '" + text + "' is neither true nor false");
    }
    return String.valueOf(TRUE.contains(text));
  }
}
