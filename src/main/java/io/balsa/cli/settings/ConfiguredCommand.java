package io.balsa.cli.settings;

import io.balsa.ctl.BadInput;
import io.balsa.ctl.Ending;
import io.balsa.front.FrontFailure;
import io.balsa.logging.LogSettings;
import io.balsa.server.BadSettings;
import io.balsa.server.ServerFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A command that runs for long, with settings from flags, variables or a file. */
@Command
public abstract class ConfiguredCommand implements Callable<Integer> {
  @Mixin private LogOptions logs = new LogOptions();

  @Option(
      names = "--config-file",
      paramLabel = "FILE",
      description = "settings in YAML; as in etcd, other flags and variables do not count then")
  @Nullable String configFile;

  @Option(
      names = "--exit-with-parent",
      hidden = true,
      arity = "0..1",
      fallbackValue = "true",
      description = "stop when stdin ends")
  private boolean exitWithParent;

  @Option(
      names = "--ignore-interrupt",
      hidden = true,
      arity = "0..1",
      fallbackValue = "true",
      description = "leave SIGINT to the parent")
  private boolean ignoreInterrupt;

  private @Nullable GivenSettings given;

  /** What the names of its variables begin with, from the weakest to the strongest. */
  protected abstract List<String> prefixes();

  /** Adds flags that only the parser needs to know. */
  protected void addFlags(CommandSpec command) {}

  /** Runs it until it ends. */
  protected abstract int run(GivenSettings settings) throws ServerFailure, FrontFailure;

  /**
   * Collects the settings.
   *
   * @param words the command line behind the command's name
   * @param program makes the whole program's command; it knows the variables of other commands
   * @return the words for the parser
   */
  public final List<String> configure(
      CommandSpec command,
      List<String> words,
      Map<String, String> environment,
      Supplier<CommandSpec> program) {
    addFlags(command);
    command.defaultValueProvider(null);
    ServerEnvironment variables = new ServerEnvironment(environment, prefixes());
    GivenSettings settings = GivenSettings.collect(command, words, variables, program);
    given = settings;
    return settings.words();
  }

  @Override
  public final Integer call() throws ServerFailure, FrontFailure {
    GivenSettings settings = given();
    try {
      return run(settings);
    } catch (BadInput | BadSettings wrong) {
      throw settings.inWordsOfSource(String.valueOf(wrong.getMessage()));
    }
  }

  private GivenSettings given() {
    if (given == null) {
      throw new IllegalStateException("not configured");
    }
    return given;
  }

  /** Where the log goes, and what it holds. */
  protected final LogSettings logSettings() {
    return logs.settings();
  }

  protected final Ending listenForTheEnd() {
    return Ending.listen(exitWithParent, ignoreInterrupt);
  }

  /** A value that the parser refused, with its source; otherwise the parser's own line. */
  public final String line(ParameterException wrong, String otherwise) {
    if (given == null || !(wrong.getArgSpec() instanceof OptionSpec option)) {
      return otherwise;
    }
    String kind = kind(option.type());
    String value = wrong.getValue();
    if (value == null || kind.isEmpty()) {
      return otherwise;
    }
    String line = "%s: '%s' is not %s".formatted(GivenSettings.leading(option), value, kind);
    return String.valueOf(given.inWordsOfSource(line).getMessage());
  }

  private static String kind(Class<?> type) {
    if (type == int.class) {
      return "a whole number up to " + Integer.MAX_VALUE;
    }
    return type == long.class ? "a whole number up to " + Long.MAX_VALUE : "";
  }

  /** The words behind the first. */
  public static List<String> behindFirst(String... args) {
    return Arrays.asList(args).subList(1, args.length);
  }
}
