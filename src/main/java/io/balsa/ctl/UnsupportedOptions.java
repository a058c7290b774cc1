package io.balsa.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options of etcdctl that ask for discovery. They are refused by name: a command that ignored them
 * would talk to other servers than its user believes.
 */
final class UnsupportedOptions {
  private static final String DISCOVERY = "discovery by DNS is not supported; give --endpoints";

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
