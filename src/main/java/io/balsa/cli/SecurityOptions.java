package io.balsa.cli;

import io.balsa.processes.SecurityWish;
import picocli.CommandLine.Option;

/** How an instrument secures the servers that it starts. */
final class SecurityOptions {
  @Option(
      names = "--tls",
      description = "servers, proxy and clients speak TLS, with certificates made for the run")
  private boolean tls;

  @Option(
      names = "--auth",
      description = "users are in force; root has a password made for the run")
  private boolean auth;

  SecurityWish wish() {
    return new SecurityWish(tls, auth);
  }
}
