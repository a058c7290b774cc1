package io.balsa.login;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who must wait after failed logins. A few failures are free. Then the pause doubles with each
 * failure, from a tenth of a second to five seconds. Only the same user from the same source waits,
 * so that nobody can shut a user out from elsewhere.
 *
 * <p>A proxy says for which client it logs in. Then the same user of the same client waits so. But
 * any program can say that. So after twenty failures of a user at one source, all its clients
 * together have two attempts a second for this user.
 */
public final class LoginDelays {
  private static final Curve OF_CLIENT = new Curve(5, 100_000_000, 5_000_000_000L);
  private static final Curve OF_PROXY = new Curve(20, 500_000_000, 500_000_000);

  /** Failures older than this are forgotten. */
  private static final long FORGET_NANOS = 60_000_000_000L;

  /** The most pairs that are remembered; the oldest is forgotten first. */
  private static final int REMEMBERED_MAX = 10_000;

  private final LongSupplier nanos;
  private final Map<Who, Failures> ofClients = new LinkedHashMap<>();
  private final Map<Who, Failures> ofProxies = new LinkedHashMap<>();

  LoginDelays(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Who tries to log in.
   *
   * @param source the address of the connection, without its port
   * @param client the address for which a proxy calls, as the caller says; empty for none
   */
  public record Who(String user, String source, String client) {
    /** A client that calls without a proxy. */
    public Who(String user, String source) {
      this(user, source, "");
    }

    boolean isOfProxy() {
      return !client.isEmpty();
    }

    private Who ofAllClients() {
      return new Who(user, source);
    }
  }

  private record Curve(int free, long firstNanos, long mostNanos) {
    long pauseNanos(int failures) {
      int over = failures - free;
      return over < 0 ? 0 : Math.min(mostNanos, firstNanos << Math.min(over, 20));
    }
  }

  private record Failures(int count, long lastNanos) {
    boolean allowOneMore(Curve curve, long now) {
      return now - lastNanos >= curve.pauseNanos(count);
    }
  }

  /** Whether an attempt is allowed now. After failures, one at a time is. */
  synchronized boolean mayTry(Who who) {
    long now = nanos.getAsLong();
    Failures own = ofClients.get(who);
    Failures all = who.isOfProxy() ? ofProxies.get(who.ofAllClients()) : null;
    return (own == null || own.allowOneMore(OF_CLIENT, now))
        && (all == null || all.allowOneMore(OF_PROXY, now));
  }

  /** Notes that an allowed attempt will be made: attempts at the same time wait. */
  synchronized void begins(Who who) {
    long now = nanos.getAsLong();
    ofClients.computeIfPresent(who, (_, before) -> new Failures(before.count(), now));
    if (who.isOfProxy()) {
      ofProxies.computeIfPresent(
          who.ofAllClients(), (_, before) -> new Failures(before.count(), now));
    }
  }

  /**
   * Counts an attempt. A right password forgets the failures of its client; it does not forget
   * those of the proxy's other clients.
   */
  synchronized void tried(Who who, boolean right) {
    if (right) {
      ofClients.remove(who);
      return;
    }
    count(ofClients, who);
    if (who.isOfProxy()) {
      count(ofProxies, who.ofAllClients());
    }
  }

  private void count(Map<Who, Failures> failures, Who who) {
    @Nullable Failures before = failures.remove(who);
    long now = nanos.getAsLong();
    boolean goesOn = before != null && now - before.lastNanos() < FORGET_NANOS;
    int count = goesOn && before != null ? before.count() + 1 : 1;
    failures.put(who, new Failures(count, now));
    if (failures.size() > REMEMBERED_MAX) {
      var oldest = failures.entrySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
