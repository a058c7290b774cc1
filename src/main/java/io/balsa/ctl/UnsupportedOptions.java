package io.balsa.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options of etcdctl that ask for TLS or for discovery. They are refused by name: a command that
 * ignored them would talk in the clear while its user believes otherwise.
 */
final class UnsupportedOptions {
  private static final String TLS = "TLS is not built yet";
  private static final String DISCOVERY = "discovery by DNS is not supported; give --endpoints";

  @Option(names = "--cacert", hidden = true, description = "refused: " + TLS)
  private @Nullable String caCert;

  @Option(names = "--cert", hidden = true, description = "refused: " + TLS)
  private @Nullable String cert;

  @Option(names = "--key", hidden = true, description = "refused: " + TLS)
  private @Nullable String key;

  @Option(
      names = "--insecure-transport",
      hidden = true,
      arity = "0..1",
      fallbackValue = "true",
      description = "only true: " + TLS)
  private String insecureTransport = "true";

  @Option(
      names = "--insecure-skip-tls-verify",
      hidden = true,
      arity = "0..1",
      fallbackValue = "true",
      description = "refused: " + TLS)
  private String skipVerify = "false";

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
    refuse("--cacert", caCert, TLS);
    refuse("--cert", cert, TLS);
    refuse("--key", key, TLS);
    refuse("--insecure-transport=false", isOn(insecureTransport) ? null : "false", TLS);
    refuse("--insecure-skip-tls-verify", isOn(skipVerify) ? "true" : null, TLS);
    var _ = isOn(insecureDiscovery);
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

  private boolean isOn(String flag) {
    return switch (flag) {
      case "true", "TRUE", "True", "t", "T", "1" -> true;
      case "false", "FALSE", "False", "f", "F", "0", "" -> false;
      default -> throw new BadInput("'" + flag + "' is neither true nor false");
    };
  }
}
