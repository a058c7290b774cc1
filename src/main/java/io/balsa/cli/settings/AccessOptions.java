package io.balsa.cli.settings;

import io.balsa.access.Access;
import io.balsa.audit.AuditLevel;
import io.balsa.audit.AuditLog;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.GoDuration;
import io.balsa.login.JwtTokens;
import io.balsa.login.PasswordDesk;
import io.balsa.login.TokenScheme;
import io.balsa.login.TokenSchemeText;
import io.balsa.login.WrongTokenScheme;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of {@code server} about users and the audit trail. */
final class AccessOptions {
  private static final long TTL_SECONDS_MAX = 366L * 24 * 60 * 60;
  private static final int FILES_MAX = 10_000;

  @Option(
      names = "--auth-token",
      paramLabel = "KIND[,OPTION=VALUE]",
      description =
          "how logins are remembered: simple, or jwt with sign-method, pub-key, priv-key, ttl"
              + " (${DEFAULT-VALUE})")
  String token = "simple";

  @Option(
      names = "--auth-token-ttl",
      paramLabel = "SECONDS",
      description = "how long an unused simple token lives (${DEFAULT-VALUE})")
  long tokenTtl = 300;

  @Option(
      names = "--bcrypt-cost",
      paramLabel = "N",
      description = "the work for one password hash; each step doubles it (${DEFAULT-VALUE})")
  int cost = 10;

  @Option(
      names = "--audit-log",
      paramLabel = "FILE",
      description = "record who did what with which keys in this file, see 'balsa audit'")
  @Nullable Path auditLog;

  @Option(
      names = "--audit-level",
      paramLabel = "LEVEL",
      description = "what to record: none, denials, writes or all (${DEFAULT-VALUE})")
  String auditLevel = "writes";

  @Option(
      names = "--audit-max-size",
      paramLabel = "MB",
      description = "at which size a new file begins (${DEFAULT-VALUE})")
  int auditMegabytes = 100;

  @Option(
      names = "--audit-max-backups",
      paramLabel = "N",
      description = "how many full files are kept; 0 for all (${DEFAULT-VALUE})")
  int auditKept = 10;

  /** The settings that the flags stand for; reads the keys of signed tokens once. */
  Access.Settings settings() {
    if (tokenTtl < 1 || tokenTtl > TTL_SECONDS_MAX) {
      throw new BadInput(
          "--auth-token-ttl: %d is not between 1 and %d".formatted(tokenTtl, TTL_SECONDS_MAX));
    }
    if (!PasswordDesk.isCost(cost)) {
      throw new BadInput("--bcrypt-cost: " + cost + " is not between 4 and 31");
    }
    return new Access.Settings(scheme(), cost, audit());
  }

  private TokenScheme scheme() {
    try {
      TokenScheme scheme =
          TokenSchemeText.parse(
              token,
              Duration.ofSeconds(tokenTtl),
              text -> GoDuration.parse("--auth-token: ttl", text));
      if (scheme instanceof TokenScheme.Jwt jwt) {
        var _ = JwtTokens.of(jwt, Instant::now);
      }
      return scheme;
    } catch (WrongTokenScheme e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private AuditLog.Settings audit() {
    AuditLevel level =
        AuditLevel.of(auditLevel)
            .orElseThrow(
                () ->
                    new BadInput(
                        "--audit-level: '"
                            + auditLevel
                            + "' is not one of none, denials, writes, all"));
    if (auditMegabytes < 1) {
      throw new BadInput("--audit-max-size: " + auditMegabytes + " is less than 1");
    }
    if (auditKept < 0 || auditKept > FILES_MAX) {
      throw new BadInput(
          "--audit-max-backups: %d is not between 0 and %d".formatted(auditKept, FILES_MAX));
    }
    return auditLog == null
        ? AuditLog.Settings.OFF
        : new AuditLog.Settings(auditLog, level, auditMegabytes, auditKept);
  }
}
