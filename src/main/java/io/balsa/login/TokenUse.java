package io.balsa.login;

import io.balsa.bytes.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    final AtomicLong heard;
    final AtomicLong used;
    final AtomicLong told;

    Times(long index, long now) {
      heard = new AtomicLong(index);
      used = new AtomicLong(now);
      told = new AtomicLong(now);
    }
  }

  /**
   * A token that the cluster knows.
   *
   * @param index the index of the entry that added the token, or last said that it is in use
   */
  public record Heard(Bytes digest, long index) {}

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
  public Use use(Bytes digest, long index) {
    long now = nanos.getAsLong();
    Times known = heard(digest, index, now);
    if (now - known.used.get() >= ttlNanos) {
      return Use.EXPIRED;
    }
    known.used.set(now);
    long told = known.told.get();
    boolean due = now - told >= ttlNanos / TOLD_PER_LIFETIME;
    return due && known.told.compareAndSet(told, now) ? Use.TELL : Use.ALIVE;
  }

  /** What is known of a token; a higher index than before means that some server has used it. */
  private Times heard(Bytes digest, long index, long now) {
    Times known = times.get(digest);
    if (known == null) {
      known = times.computeIfAbsent(digest, _ -> new Times(index, now));
    }
    long before = known.heard.get();
    if (index > before && known.heard.compareAndSet(before, index)) {
      known.used.set(now);
      known.told.set(now);
    }
    return known;
  }

  /**
   * Looks at all tokens, and gives those that have ended. To be called some times in a lifetime, so
   * that this server notes when it heard of a token.
   *
   * @param tokens the tokens that the cluster knows; all others are forgotten here
   * @param most how many ended ones to give
   */
  public List<Bytes> ended(Collection<Heard> tokens, int most) {
    long now = nanos.getAsLong();
    long limit = ttlNanos + ttlNanos / TOLD_PER_LIFETIME;
    List<Bytes> ended = new ArrayList<>();
    Set<Bytes> known = new HashSet<>();
    for (Heard token : tokens) {
      known.add(token.digest());
      long used = heard(token.digest(), token.index(), now).used.get();
      if (now - used >= limit && ended.size() < most) {
        ended.add(token.digest());
      }
    }
    times.keySet().retainAll(known);
    return ended;
  }
}
