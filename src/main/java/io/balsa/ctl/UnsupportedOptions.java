package io.balsa.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options of etcdctl that ask for users or for discovery. They are refused by name: a command that
 * ignored them would do something else than its user believes.
 */
final class UnsupportedOptions {
  private static final String USERS = "users and roles are not built yet";
  private static final String DISCOVERY = "discovery by DNS is not supported; give --endpoints";

  @Option(names = "--user", hidden = true, description = "refused: " + USERS)
  private @Nullable String user;

  @Option(names = "--password", hidden = true, description = "refused: " + USERS)
  private @Nullable String password;

  @Option(names = "--auth-jwt-token", hidden = true, description = "refused: " + USERS)
  private @Nullable String token;

  @Option(
      names = {"-d", "--discovery-srv"},
      hidden = true,
      description = "refused: " + DISCOVERY)
  private @Nullable String discovery;

  @Option(names = "--discovery-srv-name", hidden = true, description = "refused: " + DISCOVERY)
  private @Nullable String discoveryName;

  @Option(
      names = "--insecure-discovery",
      hidden = true,
      arity = "0..1",
      fallbackValue = "true",
      description = "has no effect without discovery")
  private String insecureDiscovery = "true";

  /**
   * Checks what was given.
   *
   * @throws BadInput when one of them asks for something
   */
  void refuse() {
    refuse("--user", user, USERS);
    refuse("--password", password, USERS);
    refuse("--auth-jwt-token", token, USERS);
    var _ = ClientTlsOptions.isOn("--insecure-discovery", insecureDiscovery);
    refuse("--discovery-srv", discovery, DISCOVERY);
    refuse("--discovery-srv-name", discoveryName, DISCOVERY);
  }

  private static void refuse(String option, @Nullable String value, String why) {
    if (value != null && !value.isEmpty()) {
      String variable = option.substring(2).replaceFirst("=.*", "").replace('-', '_');
      throw new BadInput(
          "%s: %s; leave it out (also BALSA_%3$S and ETCDCTL_%3$S)"
              .formatted(option, why, variable));
    }
  }
}
