package io.balsa.access;

import io.balsa.audit.AuditLog;
import io.balsa.login.JwtTokens;
import io.balsa.login.PasswordDesk;
import io.balsa.login.TokenScheme;
import io.balsa.login.TokenUse;
import io.balsa.login.WrongTokenScheme;
import io.balsa.node.Node;
import io.grpc.ServerCall;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the client port needs to know its callers: the gate, the passwords and the tokens. */
public final class Access implements AutoCloseable {
  /** How often the tokens are looked at in a lifetime, and the longest pause. */
  private static final int LOOKS_PER_LIFETIME = 8;

  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

  /** Users whose requests are counted, if they have a rate. */
  private static final int USERS_MAX = 10_000;

  private final AccessGate gate;
  private final PasswordDesk passwords;
  private final TokenMaker maker;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("balsa-tokens").daemon().unstarted(task));

  private Access(AccessGate gate, PasswordDesk passwords, TokenMaker maker) {
    this.gate = gate;
    this.passwords = passwords;
    this.maker = maker;
  }

  /**
   * The settings of users.
   *
   * @param bcryptCost the cost of new password hashes, etcd's {@code --bcrypt-cost}
   * @param audit the audit trail
   * @param requestsPerUser the requests per second of each user, from 1 to 1,000,000; 0 for no
   *     limit
   */
  public record Settings(
      TokenScheme tokens, int bcryptCost, AuditLog.Settings audit, int requestsPerUser) {
    /** etcd's defaults, without an audit trail. */
    public static final Settings DEFAULT = of(new TokenScheme.Simple(TokenScheme.DEFAULT_TTL), 10);

    /** Settings without an audit trail. */
    public static Settings of(TokenScheme tokens, int bcryptCost) {
      return new Settings(tokens, bcryptCost, AuditLog.Settings.OFF);
    }

    /** Settings without a limit for the requests of a user. */
    public Settings(TokenScheme tokens, int bcryptCost, AuditLog.Settings audit) {
      this(tokens, bcryptCost, audit, 0);
    }

    /** Whether a number of requests per second can be set. */
    public static boolean isRate(int requestsPerUser) {
      return requestsPerUser >= 0 && requestsPerUser <= UserRates.RATE_MAX;
    }

    /** The same with another limit for the requests of a user. */
    public Settings withRequestsPerUser(int perSecond) {
      return new Settings(tokens, bcryptCost, audit, perSecond);
    }
  }

  /**
   * Opens the gate of a node's client port.
   *
   * @param commonNames the common name in the verified certificate of a call's client; null for
   *     none
   * @param audit records the calls; the caller closes it after the last one
   * @throws WrongTokenScheme if the keys of the tokens cannot be used
   */
  public static Access open(
      Node node,
      Settings settings,
      Function<ServerCall<?, ?>, @Nullable String> commonNames,
      AuditLog audit)
      throws WrongTokenScheme {
    PasswordDesk passwords = new PasswordDesk(settings.bcryptCost(), System::nanoTime);
    UserRates rates = new UserRates(settings.requestsPerUser(), USERS_MAX, System::nanoTime);
    return switch (settings.tokens()) {
      case TokenScheme.Simple(Duration ttl) -> {
        SimpleTokens tokens = new SimpleTokens(node, new TokenUse(ttl, System::nanoTime));
        Identities identities = new Identities(node, tokens);
        AccessGate gate = new AccessGate(node, identities, commonNames, audit, rates);
        Access access = new Access(gate, passwords, new TokenMaker(node, null));
        access.lookEvery(ttl, tokens);
        yield access;
      }
      case TokenScheme.Jwt jwt -> {
        JwtTokens signed = JwtTokens.of(jwt, Instant::now);
        SignedTokens tokens = new SignedTokens(signed, System::currentTimeMillis);
        Identities identities = new Identities(node, tokens);
        AccessGate gate = new AccessGate(node, identities, commonNames, audit, rates);
        yield new Access(gate, passwords, new TokenMaker(node, signed));
      }
    };
  }

  private void lookEvery(Duration ttl, SimpleTokens tokens) {
    long pause = Math.max(1, Math.min(ttl.toNanos() / LOOKS_PER_LIFETIME, PAUSE_MAX.toNanos()));
    var _ = looks.scheduleWithFixedDelay(tokens::lookSafely, pause, pause, TimeUnit.NANOSECONDS);
  }

  /** The gate, which every service gets. */
  public AccessGate gate() {
    return gate;
  }

  public PasswordDesk passwords() {
    return passwords;
  }

  public TokenMaker maker() {
    return maker;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    looks.shutdownNow();
    passwords.close();
  }
}
