package io.balsa.cli.settings;

import io.balsa.ctl.BadInput;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Variables that ask for TLS, but name no flag of the command that runs: a client's, such as {@code
 * BALSA_CACERT}, or an etcd server's, such as {@code BALSA_CERT_FILE} for a proxy. They are
 * refused: a server or proxy that ignored them would be open while its owner believes otherwise.
 */
final class SecurityVariables {
  private static final String TLS = "TLS is not built yet";

  /** Options of etcdctl. */
  private static final List<EtcdFlags.Flag> OF_CLIENTS =
      List.of(
          refused("--cacert", TLS),
          refused("--cert", TLS),
          refused("--key", TLS),
          refused("--insecure-transport", TLS, "true", "TRUE", "True", "t", "T", "1"),
          refused("--insecure-skip-tls-verify", TLS, "false", "FALSE", "False", "f", "F", "0"));

  private SecurityVariables() {}

  private static EtcdFlags.Flag refused(String name, String why, String... harmless) {
    return new EtcdFlags.Flag(name, EtcdFlags.Status.REFUSED, false, List.of(harmless), why);
  }

  /**
   * Checks variables that are no settings of the command.
   *
   * @param variables without empty ones
   * @throws BadInput when one asks for TLS
   */
  static void refuse(Map<String, String> variables, List<String> prefixes) {
    if (variables.isEmpty()) {
      return;
    }
    for (String prefix : prefixes) {
      flags()
          .forEach(
              flag -> refuse(flag, ServerEnvironment.variable(prefix, flag.name()), variables));
    }
  }

  private static Stream<EtcdFlags.Flag> flags() {
    Stream<EtcdFlags.Flag> security =
        EtcdFlags.load().all().stream()
            .filter(flag -> flag.status() == EtcdFlags.Status.REFUSED)
            .filter(flag -> flag.remark().equals(TLS));
    return Stream.concat(OF_CLIENTS.stream(), security);
  }

  private static void refuse(EtcdFlags.Flag flag, String name, Map<String, String> variables) {
    if (!flag.asksForNothing(variables.getOrDefault(name, ""))) {
      throw new BadInput("%s is refused: %s; leave it out".formatted(name, flag.remark()));
    }
  }
}
