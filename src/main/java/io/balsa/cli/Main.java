package io.balsa.cli;

import io.balsa.ctl.BadInput;
import io.balsa.ctl.CompactCommand;
import io.balsa.ctl.DelCommand;
import io.balsa.ctl.ElectCommand;
import io.balsa.ctl.GetCommand;
import io.balsa.ctl.LeaseCommand;
import io.balsa.ctl.LockCommand;
import io.balsa.ctl.PutCommand;
import io.balsa.ctl.SnapshotCommand;
import io.balsa.ctl.StatusCommand;
import io.balsa.ctl.TxnCommand;
import io.balsa.ctl.WatchCommand;
import io.balsa.server.BadSettings;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code balsa}: exit code 0 for done, 1 for failed, 2 for a bad command line. */
@Command(
    name = "balsa",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = "A replicated, linearizable key-value store that speaks the etcd v3 protocol.",
    subcommands = {
      ServerCommand.class,
      ProxyCommand.class,
      PlaygroundCommand.class,
      PutCommand.class,
      GetCommand.class,
      DelCommand.class,
      TxnCommand.class,
      WatchCommand.class,
      LeaseCommand.class,
      LockCommand.class,
      ElectCommand.class,
      CompactCommand.class,
      SnapshotCommand.class,
      RestoreCommand.class,
      StatusCommand.class,
      BenchCommand.class,
      DrillCommand.class,
      SimulateCommand.class,
      VerifyCommand.class,
      WarmUpCommand.class
    },
    footer = {
      "",
      "Begin with 'balsa playground': three servers, a proxy and a prompt.",
      "Every command explains itself: balsa COMMAND --help"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    LogFormat.set();
    NettyMemory.set();
    System.exit(execute(args));
  }

  static int execute(String... args) {
    return commandLine().execute(GoFlags.doubleDashed(args));
  }

  /** The commands, ready to be executed. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.getSubcommands().values().forEach(Main::withHelp);
    EtcdFlags.addTo(
        Objects.requireNonNull(commandLine.getSubcommands().get("server")).getCommandSpec());
    IParameterExceptionHandler refuse = Main::refuse;
    return commandLine
        .setDefaultValueProvider(new EnvironmentDefaults(System.getenv()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(refuse)
        .setExecutionExceptionHandler(Main::explain);
  }

  private static void withHelp(CommandLine command) {
    if (command.getCommandSpec().optionsMap().get("--help") == null) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "No command given");
  }

  /** One line: what was wrong, and what to do. */
  private static int refuse(ParameterException wrong, String[] args) {
    CommandLine commandLine = wrong.getCommandLine();
    String command = commandLine.getCommandSpec().qualifiedName();
    commandLine.getErr().println(oneLine(wrong) + "; see " + command + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  private static String oneLine(ParameterException wrong) {
    String message = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
    boolean command =
        wrong instanceof UnmatchedArgumentException && wrong.getCommandLine().getParent() == null;
    if (!command) {
      return message;
    }
    String given = ((UnmatchedArgumentException) wrong).getUnmatched().getFirst();
    String commands =
        wrong.getCommandLine().getSubcommands().entrySet().stream()
            .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return "there is no command '" + given + "'; there are " + commands;
  }

  /** Prints one line for a command that failed. */
  private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + Failures.line(failure));
    boolean usage = failure instanceof BadInput || failure instanceof BadSettings;
    return usage ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
  }
}
