package io.balsa.cli;

import io.balsa.ctl.GlobalOptions;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads options from the environment: {@code BALSA_DATA_DIR} for {@code --data-dir}, and so on. An
 * option on the command line wins. Client commands read only the options that all of them have,
 * also from {@code ETCDCTL_*}: {@code BALSA_PREFIX} must not turn a deletion of one key into one of
 * many.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private final Map<String, String> environment;
  private final Set<String> flags;

  /**
   * Reads variables.
   *
   * @param flags the longest names of the boolean options on the command line. They must have no
   *     default: the parser would take the plain flag for the opposite of it
   */
  EnvironmentDefaults(Map<String, String> environment, Set<String> flags) {
    this.environment = environment;
    this.flags = flags;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return switch (argument) {
      case OptionSpec option when flags.contains(option.longestName()) -> null;
      case OptionSpec option when option.usageHelp() || option.versionHelp() -> null;
      case OptionSpec option when GlobalOptions.areOf(option.command()) ->
          GlobalOptions.value(option, environment);
      case OptionSpec option -> environment.get(variable(option.longestName()));
      default -> null;
    };
  }

  /** The variable that stands for an option. */
  static String variable(String option) {
    return "BALSA_" + option.replaceFirst("^--?", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
