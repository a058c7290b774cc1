package io.balsa.ctl;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in words. picocli's own speak of Java's types. */
public final class ParseTexts {
  /** How a command's words begin that are another program with its options. */
  private static final String COMMAND = "COMMAND";

  private ParseTexts() {}

  /** What is wrong, on one line. */
  public static String line(ParameterException wrong) {
    ArgSpec argument = wrong.getArgSpec();
    String value = wrong.getValue();
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().getFirst(), wrong.getCommandLine());
    }
    if (wrong instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return missing.getMissing().stream()
          .map(ParseTexts::name)
          .collect(Collectors.joining(", ", "missing: ", ""));
    }
    if (argument == null || value == null) {
      return firstLine(wrong);
    }
    return name(argument) + ": " + refusal(argument, value, wrong);
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /** Why a value is refused. A list's parts have a type of their own. */
  private static String refusal(ArgSpec argument, String value, ParameterException wrong) {
    Class<?> type = argument.isMultiValue() ? argument.auxiliaryTypes()[0] : argument.type();
    if (type == int.class || type == Integer.class) {
      return notWhole(value, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return notWhole(value, Long.MAX_VALUE);
    }
    if (type == double.class || type == Double.class) {
      return "'" + value + "' is not a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "'" + value + "' is neither true nor false";
    }
    if (type == Path.class) {
      return "'" + value + "' is not a file name";
    }
    if (type.isEnum()) {
      List<String> all = List.of(type.getEnumConstants()).stream().map(String::valueOf).toList();
      return "'" + value + "' is none of " + String.join(", ", all);
    }
    Throwable cause = wrong.getCause();
    return cause == null ? firstLine(wrong) : String.valueOf(cause.getMessage());
  }

  private static String notWhole(String value, long most) {
    String bound = value.matches("[+-]?\\d+") ? " from -" + most + " to " + most : "";
    return "'" + value + "' is not a whole number" + bound;
  }

  private static String firstLine(ParameterException wrong) {
    return String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
  }

  private static String unmatched(String given, CommandLine command) {
    String near = near(given, command);
    if (given.startsWith("-")) {
      return "there is no option '%s'%s".formatted(given, near.isEmpty() ? after(command) : near);
    }
    if (!near.isEmpty()) {
      return "there is no command '%s'%s".formatted(given, near);
    }
    if (command.getParent() != null || command.getSubcommands().isEmpty()) {
      return "too many arguments: '" + given + "'; quote a value that has spaces";
    }
    String commands =
        command.getSubcommands().entrySet().stream()
            .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return "there is no command '" + given + "'; there are " + commands;
  }

  /** An option may be meant for the program that a command starts. */
  private static String after(CommandLine command) {
    boolean startsOne =
        command.getCommandSpec().positionalParameters().stream()
            .anyMatch(each -> each.paramLabel().contains(COMMAND));
    return startsOne ? "; put -- before a command that has options" : "";
  }

  /** Names what may have been meant; empty when nothing is near. */
  private static String near(String given, CommandLine command) {
    Collection<String> names =
        given.startsWith("-")
            ? command.getCommandSpec().optionsMap().keySet()
            : command.getSubcommands().keySet();
    String question = Nearest.question(given.replaceFirst("(?s)=.*", ""), names);
    return question.isEmpty() ? "" : "; " + question;
  }
}
