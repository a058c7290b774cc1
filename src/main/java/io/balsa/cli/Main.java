package io.balsa.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code balsa}: exit code 0 for done, 1 for failed, 2 for a bad command line. */
@Command(
    name = "balsa",
    mixinStandardHelpOptions = true,
    version = "balsa 0.1.0",
    description = "A replicated, linearizable key-value store that speaks the etcd v3 protocol.")
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    System.exit(execute(args));
  }

  static int execute(String... args) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setParameterExceptionHandler(Main::refuse);
    return commandLine.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "No command given");
  }

  /** One line: what was wrong, and what to do. */
  private static int refuse(ParameterException wrong, String[] args) {
    CommandLine commandLine = wrong.getCommandLine();
    String command = commandLine.getCommandSpec().qualifiedName();
    commandLine.getErr().println(wrong.getMessage() + "; see " + command + " --help");
    return CommandLine.ExitCode.USAGE;
  }
}
