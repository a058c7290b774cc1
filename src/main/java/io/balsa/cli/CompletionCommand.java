package io.balsa.cli;

import io.balsa.ctl.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that lets a shell complete the commands and options of this program. */
@Command(
    name = "completion",
    description = "Prints a script with which a shell completes commands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(balsa completion bash)",
      "  balsa completion zsh > ~/.balsa-completion   # and source it in ~/.zshrc",
      "  balsa completion fish > ~/.config/fish/completions/balsa.fish"
    })
final class CompletionCommand implements Runnable {
  private static final String PROGRAM = "balsa";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "bash|zsh|fish", description = "the shell")
  private String shell = "";

  @Override
  public void run() {
    CommandLine all = Main.commandLine();
    String script =
        switch (shell) {
          case "bash" -> AutoComplete.bash(PROGRAM, all);
          case "zsh" -> AutoComplete.bash(PROGRAM, all); // it loads bashcompinit in zsh
          case "fish" -> fish(all);
          default -> throw new BadInput("'" + shell + "' is none of bash, zsh, fish");
        };
    spec.commandLine().getOut().print(script.endsWith("\n") ? script : script + "\n");
  }

  /** A line for each command and each option of a command. */
  static String fish(CommandLine program) {
    StringBuilder script = new StringBuilder();
    script.append("complete -c " + PROGRAM + " -f\n");
    append(script, program, List.of());
    return script.toString();
  }

  private static void append(StringBuilder script, CommandLine command, List<String> path) {
    String where = condition(command, path);
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        script.append(option(where, option));
      }
    }
    for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
      CommandSpec sub = each.getValue().getCommandSpec();
      if (sub.usageMessage().hidden()) {
        continue;
      }
      script.append(
          "complete -c %s -n '%s' -a %s -d '%s'%n"
              .formatted(
                  PROGRAM,
                  where,
                  each.getKey(),
                  escaped(HelpText.summary(sub.usageMessage().description()))));
      List<String> deeper = new ArrayList<>(path);
      deeper.add(each.getKey());
      append(script, each.getValue(), deeper);
    }
  }

  /** True where the words of the path were typed, and none of the commands below them. */
  private static String condition(CommandLine command, List<String> path) {
    StringBuilder where = new StringBuilder();
    for (String word : path) {
      where.append("__fish_seen_subcommand_from ").append(word).append("; and ");
    }
    String below = String.join(" ", command.getSubcommands().keySet());
    return below.isEmpty()
        ? where.substring(0, where.length() - "; and ".length())
        : where + "not __fish_seen_subcommand_from " + below;
  }

  private static String option(String where, OptionSpec option) {
    StringBuilder line = new StringBuilder("complete -c " + PROGRAM + " -n '" + where + "'");
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " : name.length() == 2 ? " -s " : " -o ")
          .append(name.replaceFirst("^--?", ""));
    }
    line.append(option.arity().max() > 0 ? " -r" : "");
    String about = HelpText.summary(option.description());
    return line.append(" -d '").append(escaped(about)).append("'\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }
}
