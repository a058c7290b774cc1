package io.balsa.cli;

import io.balsa.cli.settings.ConfiguredCommand;
import io.balsa.cli.settings.GoFlags;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.GlobalOptions;
import io.balsa.ctl.ParseTexts;
import io.balsa.ctl.TerminalNotes;
import io.balsa.ctl.TerminalWidth;
import io.balsa.forms.RawWriter;
import io.balsa.logging.FirstLogs;
import io.balsa.server.BadSettings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command {@code balsa}: exit code 0 for done, 1 for failed, 2 for a bad command line. */
@Command(
    name = "balsa",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = "A replicated, linearizable key-value store that speaks the etcd v3 protocol.",
    footer = {
      "",
      "Examples:",
      "  balsa playground    # three servers, a proxy and a prompt, to try things",
      "  balsa help put      # every command explains itself"
    })
public final class Main implements Runnable {
  private static final int PIPE_IS_BROKEN = 128 + 13;

  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    FirstLogs.prepare();
    NettyMemory.set();
    System.exit(execute(args));
  }

  /** Runs a command on the standard streams and returns the exit code. */
  static int execute(String... args) {
    RawWriter out = new RawWriter(new FileOutputStream(FileDescriptor.out));
    RawWriter err = new RawWriter(new FileOutputStream(FileDescriptor.err));
    String[] typed;
    try {
      typed = TypedWords.of(args);
    } catch (BadInput lost) {
      err.println("balsa: " + lost.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    int exitCode =
        execute(commandLine(ProgramCommands.named(typed)).setOut(out).setErr(err), typed);
    out.flush();
    IOException failure = out.failure();
    return failure == null ? exitCode : closed(failure, err);
  }

  /** Runs a command on the streams of a program made by {@link #commandLine}. */
  static int execute(CommandLine program, String... args) {
    try {
      return executeWithMemory(program, args);
    } catch (OutOfMemoryError | StackOverflowError lacking) {
      program
          .getErr()
          .println(
              "balsa: the memory does not suffice (%s); ask for less, or give more with BALSA_JAVA_OPTS=-Xmx1g"
                  .formatted(lacking.getClass().getSimpleName()));
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static int executeWithMemory(CommandLine program, String... args) {
    CommandLine command = args.length == 0 ? null : program.getSubcommands().get(args[0]);
    if (command == null || !(command.getCommand() instanceof ConfiguredCommand configured)) {
      return executePlain(program, System.getenv(), args);
    }
    List<String> words = new ArrayList<>(List.of(args[0]));
    try {
      words.addAll(
          configured.configure(
              command.getCommandSpec(),
              ConfiguredCommand.behindFirst(args),
              System.getenv(),
              () -> commandLine().getCommandSpec()));
    } catch (BadInput wrong) {
      return explain(wrong, command, null);
    }
    return program.execute(words.toArray(String[]::new));
  }

  /** Runs a command that takes no file of settings. */
  static int executePlain(CommandLine program, Map<String, String> environment, String... args) {
    GlobalOptions.Line line = GlobalOptions.behindCommand(program, GoFlags.doubleDashed(args));
    program.setDefaultValueProvider(new EnvironmentDefaults(environment, line.flags()));
    return program.execute(line.words().toArray(String[]::new));
  }

  /** When its reader is gone, a command ends without a word, as SIGPIPE would end it. */
  private static int closed(IOException failure, RawWriter err) {
    if (String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return PIPE_IS_BROKEN;
    }
    err.println("balsa: the output cannot be written: " + failure.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** All commands, ready to be executed. */
  static CommandLine commandLine() {
    return commandLine(ProgramCommands.ALL);
  }

  private static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine commandLine = new CommandLine(new Main());
    commands.forEach(commandLine::addSubcommand);
    addRestore(commandLine.getSubcommands().get("snapshot"));
    commandLine.getSubcommands().values().forEach(Main::withHelp);
    IParameterExceptionHandler refuse = Main::refuse;
    return commandLine
        .setHelpFactory(HelpText.factory(TerminalWidth::columns))
        .setDefaultValueProvider(new EnvironmentDefaults(System.getenv(), Set.of()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOverwrittenOptionsAllowed(true)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(refuse)
        .setExecutionExceptionHandler(Main::explain);
  }

  /** As {@code etcdutl} has it. It makes a server's directory, so it is no part of the client. */
  private static void addRestore(@Nullable CommandLine snapshot) {
    if (snapshot != null) {
      snapshot.addSubcommand(RestoreCommand.class);
      snapshot.getSubcommands().values().forEach(Main::withHelp);
    }
  }

  private static void withHelp(CommandLine command) {
    if (command.getCommandSpec().optionsMap().get("--help") == null) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
    }
  }

  /** Without a command, as etcdctl does. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** One line: what was wrong, and what to do. */
  private static int refuse(ParameterException wrong, String[] args) {
    CommandLine commandLine = wrong.getCommandLine();
    String command = commandLine.getCommandSpec().qualifiedName();
    String line = ParseTexts.line(wrong);
    if (commandLine.getCommand() instanceof ConfiguredCommand configured) {
      line = configured.line(wrong, line);
    }
    String and = line.endsWith("?") ? " See " : "; see ";
    commandLine.getErr().println(TerminalNotes.folded(line + and + command + " --help"));
    return CommandLine.ExitCode.USAGE;
  }

  /** Prints one line for a command that failed. */
  private static int explain(Exception failure, CommandLine command, @Nullable ParseResult parsed) {
    if (command.getOut() instanceof RawWriter out && out.failure() != null) {
      return CommandLine.ExitCode.SOFTWARE; // said at the end
    }
    String name = command.getCommandSpec().qualifiedName();
    ClientOptions client = ClientOptions.of(command.getCommandSpec());
    String line = name + ": " + Failures.line(failure, client);
    command.getErr().println(TerminalNotes.folded(line));
    boolean usage = failure instanceof BadInput || failure instanceof BadSettings;
    return usage ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
  }
}
