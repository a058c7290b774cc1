package io.balsa.cli;

import io.balsa.ctl.BadInput;
import io.balsa.ctl.Nearest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the help of a command. */
@Command(
    name = "help",
    description = "Prints the help of a command, as its --help does.",
    footer = {"", "Examples:", "  balsa help put", "  balsa help lease grant"})
final class HelpCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the command")
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    CommandLine found = spec.root().commandLine();
    for (String word : words) {
      CommandLine next = found.getSubcommands().get(word);
      if (next == null) {
        String parent = found.getCommandSpec().qualifiedName();
        String question = Nearest.question(word, found.getSubcommands().keySet());
        String hint = question.isEmpty() ? "" : "; " + question;
        throw new BadInput("there is no command '" + parent + " " + word + "'" + hint);
      }
      found = next;
    }
    found.usage(spec.commandLine().getOut());
  }
}
