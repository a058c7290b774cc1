package io.balsa.cli;

import io.balsa.ctl.GlobalOptions;
import io.balsa.ctl.TerminalWidth;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** Lists the options of every client command, also those that no help shows. */
@Command(
    name = "options",
    description = "Lists the options of all commands that talk to a cluster.",
    footer = {"", "Example:", "  balsa options"})
final class OptionsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandSpec shown = CommandSpec.create();
    for (OptionSpec each : GlobalOptions.all()) {
      shown.addOption(OptionSpec.builder(each).hidden(false).build());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("The following options can be passed to any command that talks to a cluster:");
    out.println();
    Help help = HelpText.of(shown, spec.commandLine().getColorScheme(), TerminalWidth.columns());
    out.print(help.optionList());
    out.println();
    out.println("BALSA_* and ETCDCTL_* set them, too: BALSA_WRITE_OUT=json.");
  }
}
