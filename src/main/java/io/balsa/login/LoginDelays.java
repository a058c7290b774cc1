package io.balsa.login;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who must wait after failed logins. A few failures are free. Then the pause doubles with each
 * failure, from a tenth of a second to five seconds. Only the same user from the same source waits,
 * so that nobody can shut a user out from elsewhere.
 */
public final class LoginDelays {
  private static final int FREE_FAILURES = 5;
  private static final long FIRST_PAUSE_NANOS = 100_000_000;
  private static final long PAUSE_NANOS_MAX = 5_000_000_000L;

  /** Failures older than this are forgotten. */
  private static final long FORGET_NANOS = 60_000_000_000L;

  /** The most pairs that are remembered; the oldest is forgotten first. */
  private static final int REMEMBERED_MAX = 10_000;

  private final LongSupplier nanos;
  private final Map<Who, Failures> failures = new LinkedHashMap<>();

  LoginDelays(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Who tries to log in.
   *
   * @param source the address of the connection, without its port
   */
  public record Who(String user, String source) {}

  private record Failures(int count, long lastNanos) {
    long pauseNanos() {
      int over = count - FREE_FAILURES;
      return over < 0 ? 0 : Math.min(PAUSE_NANOS_MAX, FIRST_PAUSE_NANOS << Math.min(over, 20));
    }
  }

  /** Whether an attempt is allowed now. After failures, one at a time is. */
  synchronized boolean mayTry(Who who) {
    Failures before = failures.get(who);
    if (before == null || before.pauseNanos() == 0) {
      return true;
    }
    long now = nanos.getAsLong();
    boolean may = now - before.lastNanos() >= before.pauseNanos();
    if (may) {
      failures.put(who, new Failures(before.count(), now)); // attempts at the same time wait
    }
    return may;
  }

  /** Counts an attempt; a right password forgets the failures. */
  synchronized void tried(Who who, boolean right) {
    @Nullable Failures before = failures.remove(who);
    if (right) {
      return;
    }
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
