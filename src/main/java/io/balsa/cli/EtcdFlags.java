package io.balsa.cli;

import io.balsa.ctl.BadInput;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Flags of etcd that a unit file may hold and that do nothing here. The server ignores flags that
 * have no meaning here, with a warning. It refuses flags that ask for TLS or for users: a server
 * that ignored these would be open while its owner believes it closed.
 */
final class EtcdFlags {
  /** Flags that have no meaning here. */
  static final List<String> IGNORED =
      List.of(
          "--max-wals",
          "--max-snapshots",
          "--wal-dir",
          "--pre-vote",
          "--strict-reconfig-check",
          "--enable-v2",
          "--enable-pprof",
          "--enable-grpc-gateway",
          "--backend-batch-interval",
          "--backend-batch-limit",
          "--backend-bbolt-freelist-type",
          "--grpc-keepalive-min-time",
          "--grpc-keepalive-interval",
          "--grpc-keepalive-timeout",
          "--max-concurrent-streams",
          "--socket-reuse-port",
          "--socket-reuse-address",
          "--log-package-levels",
          "--debug",
          "--metrics",
          "--proxy",
          "--proxy-failure-wait",
          "--proxy-refresh-interval",
          "--proxy-dial-timeout",
          "--proxy-write-timeout",
          "--proxy-read-timeout",
          "--initial-election-tick-advance",
          "--unsafe-no-fsync",
          "--cors",
          "--host-whitelist",
          "--bcrypt-cost",
          "--auth-token-ttl",
          "--v2-deprecation",
          "--snapshot-catchup-entries",
          "--warning-apply-duration",
          "--warning-unary-request-duration",
          "--max-learners",
          "--corrupt-check-time",
          "--compact-hash-check-enabled",
          "--compact-hash-check-time",
          "--feature-gates",
          "--experimental-initial-corrupt-check",
          "--experimental-corrupt-check-time",
          "--experimental-compact-hash-check-enabled",
          "--experimental-compact-hash-check-time",
          "--experimental-compaction-batch-limit",
          "--experimental-compaction-sleep-interval",
          "--experimental-enable-lease-checkpoint",
          "--experimental-enable-lease-checkpoint-persist",
          "--experimental-memory-mlock",
          "--experimental-peer-skip-client-san-verification",
          "--experimental-snapshot-catchup-entries",
          "--experimental-stop-grpc-service-on-defrag",
          "--experimental-txn-mode-write-with-shared-buffer",
          "--experimental-warning-apply-duration",
          "--experimental-warning-unary-request-duration");

  /** Flags that ask for functions that do not exist yet. */
  static final List<String> REFUSED =
      List.of(
          "--cert-file",
          "--key-file",
          "--trusted-ca-file",
          "--client-cert-auth",
          "--client-crl-file",
          "--client-cert-allowed-hostname",
          "--auto-tls",
          "--peer-cert-file",
          "--peer-key-file",
          "--peer-trusted-ca-file",
          "--peer-client-cert-auth",
          "--peer-crl-file",
          "--peer-auto-tls",
          "--peer-cert-allowed-cn",
          "--peer-cert-allowed-hostname",
          "--cipher-suites",
          "--tls-min-version",
          "--tls-max-version",
          "--self-signed-cert-validity",
          "--ca-file",
          "--peer-ca-file",
          "--auth-token",
          "--discovery",
          "--discovery-srv",
          "--discovery-srv-name",
          "--discovery-proxy",
          "--discovery-fallback",
          "--discovery-endpoints",
          "--discovery-token",
          "--force-new-cluster",
          "--listen-metrics-urls",
          "--listen-client-http-urls");

  private EtcdFlags() {}

  /** Adds all of them to a command, hidden from its help. */
  static void addTo(CommandSpec command) {
    for (List<String> names : List.of(IGNORED, REFUSED)) {
      for (String name : names) {
        command.addOption(
            OptionSpec.builder(name)
                .type(String.class)
                .arity("0..1")
                .fallbackValue("true")
                .hidden(true)
                .build());
      }
    }
  }

  /** The ignored flags that were given. */
  static List<String> ignored(CommandSpec command) {
    return given(command, IGNORED);
  }

  /** Throws when a flag was given that must not be ignored. */
  static void refuse(CommandSpec command) {
    List<String> given = given(command, REFUSED);
    if (!given.isEmpty()) {
      throw new BadInput(
          String.join(", ", given) + ": not supported yet, and not to be ignored; leave it out");
    }
  }

  private static List<String> given(CommandSpec command, List<String> names) {
    return names.stream().filter(name -> isOn(command.findOption(name).getValue())).toList();
  }

  private static boolean isOn(Object value) {
    return value != null && !Objects.equals(value, "") && !Objects.equals(value, "false");
  }
}
