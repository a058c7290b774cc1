package io.balsa.login;

import io.balsa.bytes.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * When simple tokens were last used, as far as this server knows. A token ends when it was unused
 * for its lifetime. A server tells the others through the log that a token is in use, four times in
 * a lifetime at most, so that a token that is used at one server alone lives everywhere.
 *
 * <p>The leader drops a token from the log when it has not heard of it for a lifetime and a
 * quarter. A new leader, and a server after its start, give each token its whole lifetime.
 */
public final class TokenUse {
  private static final int TOLD_PER_LIFETIME = 4;

  private final long ttlNanos;
  private final LongSupplier nanos;
  private final Map<Bytes, Times> times = new ConcurrentHashMap<>();

  private static final class Times {
    final AtomicLong used;
    final AtomicLong told;

    Times(long now) {
      used = new AtomicLong(now);
      told = new AtomicLong(now);
    }
  }

  /**
   * @param nanos a clock that never goes back
   */
  public TokenUse(Duration ttl, LongSupplier nanos) {
    this.ttlNanos = ttl.toNanos();
    this.nanos = nanos;
  }

  /** What follows from a use of a token. */
  public enum Use {
    /** It is alive, and the others know that it is in use. */
    ALIVE,
    /** It is alive, and the others are to be told; said to one caller at a time. */
    TELL,
    EXPIRED
  }

  /** Notes that a client uses a token that the cluster knows. */
  public Use use(Bytes digest) {
    long now = nanos.getAsLong();
    Times known = times.computeIfAbsent(digest, _ -> new Times(now));
    long used = known.used.get();
    if (now - used >= ttlNanos) {
      return Use.EXPIRED;
    }
    known.used.set(now);
    long told = known.told.get();
    boolean due = now - told >= ttlNanos / TOLD_PER_LIFETIME;
    return due && known.told.compareAndSet(told, now) ? Use.TELL : Use.ALIVE;
  }

  /** The log says that a token is new, or in use at some server. */
  public void heard(Bytes digest) {
    long now = nanos.getAsLong();
    Times known = times.computeIfAbsent(digest, _ -> new Times(now));
    known.used.set(now);
    known.told.set(now);
  }

  /**
   * The tokens among these that have ended.
   *
   * @param digests the tokens that the cluster knows; what is not among them is forgotten here
   */
  public List<Bytes> ended(Iterable<Bytes> digests, int most) {
    long now = nanos.getAsLong();
    long limit = ttlNanos + ttlNanos / TOLD_PER_LIFETIME;
    List<Bytes> ended = new ArrayList<>();
    for (Bytes digest : digests) {
      Times known = times.computeIfAbsent(digest, _ -> new Times(now));
      if (now - known.used.get() >= limit && ended.size() < most) {
        ended.add(digest);
      }
    }
    return ended;
  }

  /** Forgets a token that the cluster has dropped. */
  public void forget(Bytes digest) {
    times.remove(digest);
  }
}
