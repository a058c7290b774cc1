package io.balsa.login;

import io.balsa.bytes.Check;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Hashes and checks passwords on threads of its own, with a bounded queue. bcrypt takes tens of
 * milliseconds of CPU, so a flood of logins must neither delay other requests nor grow without
 * bound. After failed logins, {@link LoginDelays} makes a client wait.
 */
public final class PasswordDesk implements AutoCloseable {
  /** Requests that may wait; at the default cost they are done within some seconds. */
  private static final int WAITING_MAX = 64;

  private static final int THREADS = 1;

  /** What became of a request. */
  public enum Verdict {
    RIGHT,
    WRONG,
    /** Nothing was checked: too many requests wait, or this client must wait after failures. */
    BUSY
  }

  private final int cost;
  private final LoginDelays delays;
  private final ThreadPoolExecutor pool;
  private final LoginPlaces places = new LoginPlaces();
  private final LongAdder refused = new LongAdder();

  /**
   * Checked for an unknown user, so that the answer takes as long as for a known one. Made when it
   * is first needed, because a server's start does not wait for bcrypt.
   */
  private volatile String nobodysHash = "";

  /**
   * A desk without work.
   *
   * @param cost of new hashes, from 4 to 31: each step doubles the time
   * @param nanos a clock that never goes back
   */
  public PasswordDesk(int cost, LongSupplier nanos) {
    Check.that(cost >= Passwords.COST_LEAST && cost <= Passwords.COST_MAX, "a cost of bcrypt");
    this.cost = cost;
    this.delays = new LoginDelays(nanos);
    this.pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            task -> {
              Thread thread = new Thread(task, "balsa-passwords");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  /** Whether bcrypt can hash a password: it reads at most 72 bytes. */
  public static boolean isTooLong(String password) {
    return password.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > Passwords.BYTES_MAX;
  }

  /** Whether a text is a bcrypt hash that is checked within seconds: of a cost up to 16. */
  public static boolean isCheapHash(String hash) {
    return Passwords.isHash(hash, 16);
  }

  /**
   * Whether a number is a cost of bcrypt.
   *
   * @return false outside of 4 to 31
   */
  public static boolean isCost(int cost) {
    return cost >= Passwords.COST_LEAST && cost <= Passwords.COST_MAX;
  }

  /**
   * Hashes a password.
   *
   * @param done gets the hash, or an empty text when too many requests wait
   */
  public void hash(String password, Consumer<String> done) {
    try {
      pool.execute(() -> done.accept(Passwords.hash(password, cost)));
    } catch (RejectedExecutionException _) {
      refused.increment();
      done.accept("");
    }
  }

  /**
   * Checks a password.
   *
   * @param who the user and the source of the request; its failures delay its next request
   * @param hash the user's hash; empty for an unknown user, for whom no password is right
   * @param done gets the verdict, on a thread of this desk or at once
   */
  public void check(LoginDelays.Who who, String password, String hash, Consumer<Verdict> done) {
    boolean accepted =
        take(
            who,
            () -> {
              boolean matches = Passwords.matches(password, hash.isEmpty() ? nobodysHash() : hash);
              boolean right = matches && !hash.isEmpty();
              delays.tried(who, right);
              done.accept(right ? Verdict.RIGHT : Verdict.WRONG);
            });
    if (!accepted) {
      refused.increment();
      done.accept(Verdict.BUSY);
    }
  }

  /** Takes a login if it may wait. One that finds no place uses up no attempt. */
  private synchronized boolean take(LoginDelays.Who who, Runnable login) {
    if (!delays.mayTry(who) || !places.take(who)) {
      return false;
    }
    try {
      pool.execute(
          () -> {
            places.leave(who);
            login.run();
          });
    } catch (RejectedExecutionException _) {
      places.leave(who);
      return false;
    }
    delays.begins(who);
    return true;
  }

  private String nobodysHash() {
    if (nobodysHash.isEmpty()) {
      nobodysHash = Passwords.hash(SimpleToken.newLetters(), cost);
    }
    return nobodysHash;
  }

  /** The requests that wait for a thread. */
  public int waiting() {
    return pool.getQueue().size();
  }

  /** The requests that were refused because too many wait, or because their client must wait. */
  public long refused() {
    return refused.sum();
  }

  /** Ends the threads; requests that wait are dropped. */
  @Override
  public void close() {
    pool.shutdownNow();
  }
}
