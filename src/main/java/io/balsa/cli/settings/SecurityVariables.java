package io.balsa.cli.settings;

import io.balsa.ctl.BadInput;
import java.util.List;
import java.util.Map;

/**
 * Variables that ask for users, but name no flag of the command that runs, such as {@code
 * BALSA_USER}. They are refused: a server or proxy that ignored them would be open while its owner
 * believes otherwise.
 */
final class SecurityVariables {
  private static final String USERS = "users are not built yet";
  private static final String OURS = ServerEnvironment.OURS;

  /** Options of etcdctl. */
  private static final List<EtcdFlags.Flag> OF_CLIENTS =
      List.of(
          refused("--user", USERS),
          refused("--password", USERS),
          refused("--auth-jwt-token", USERS));

  private SecurityVariables() {}

  private static EtcdFlags.Flag refused(String name, String why, String... harmless) {
    return new EtcdFlags.Flag(name, EtcdFlags.Status.REFUSED, false, List.of(harmless), why);
  }

  /**
   * Checks variables that are no settings of the command. Names of users count only with our own
   * prefix: etcd starts with an {@code ETCD_USER}, and warns.
   *
   * @param variables without empty ones
   * @throws BadInput when one asks for users
   */
  static void refuse(Map<String, String> variables, List<String> prefixes) {
    if (variables.isEmpty()) {
      return;
    }
    if (prefixes.contains(OURS)) {
      OF_CLIENTS.forEach(
          flag -> refuse(flag, ServerEnvironment.variable(OURS, flag.name()), variables));
    }
  }

  private static void refuse(EtcdFlags.Flag flag, String name, Map<String, String> variables) {
    if (!flag.asksForNothing(variables.getOrDefault(name, ""))) {
      throw new BadInput("%s is refused: %s; leave it out".formatted(name, flag.remark()));
    }
  }
}
