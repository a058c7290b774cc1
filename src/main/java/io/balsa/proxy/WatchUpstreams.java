package io.balsa.proxy;

import io.balsa.budget.ByteBound;
import io.balsa.client.Endpoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The watch streams at the servers. One whose client has gone waits for the next client that says
 * the same in its metadata, for a stream of watches can only be ended by a reset, and a server
 * counts resets as an attack: so few are reset in a second, unless too many wait.
 */
final class WatchUpstreams {
  /** So many wait at each server, however long. */
  private static final int IDLE_MIN = 16;

  /** No more wait at all servers together: beyond it the one that waited longest is reset. */
  private static final int IDLE_MAX = 256;

  /** One with more bytes of metadata does not wait. */
  private static final int IDLE_HEADERS_MAX = 4 << 10;

  private static final int RESETS_A_TICK = 10;
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final ByteBound bytes;
  private final Map<Endpoint, Deque<WatchUpstream>> idle = new HashMap<>();
  private final Set<WatchUpstream> open = ConcurrentHashMap.newKeySet();

  /** For a proxy with the heap of this process. */
  WatchUpstreams() {
    this(Runtime.getRuntime().maxMemory() / 8);
  }

  /**
   * For a proxy.
   *
   * @param bytesMax the most bytes that all clients' watches may take, keys included
   */
  WatchUpstreams(long bytesMax) {
    this.bytes = new ByteBound(bytesMax);
  }

  /** What all clients' watches take. */
  ByteBound bytes() {
    return bytes;
  }

  /** A stream at a server for a client's stream. */
  WatchUpstream take(Endpoint endpoint, StreamHeaders headers, ProxiedWatchStream stream) {
    WatchUpstream found = takeIdle(endpoint, headers);
    while (found != null && !found.adopt(stream)) {
      found = takeIdle(endpoint, headers);
    }
    if (found != null) {
      return found;
    }
    return open(endpoint, headers, stream, false);
  }

  /** A stream that is read at its user's pace, and reset when it is given back. */
  WatchUpstream takePaced(Endpoint endpoint, StreamHeaders headers, ProxiedWatchStream stream) {
    return open(endpoint, headers, stream, true);
  }

  private WatchUpstream open(
      Endpoint endpoint, StreamHeaders headers, ProxiedWatchStream stream, boolean paced) {
    WatchUpstream fresh = new WatchUpstream(this, endpoint, headers, paced);
    open.add(fresh);
    var _ = fresh.adopt(stream);
    return fresh;
  }

  private synchronized @Nullable WatchUpstream takeIdle(Endpoint endpoint, StreamHeaders headers) {
    Deque<WatchUpstream> waiting = idle.getOrDefault(endpoint, new ArrayDeque<>());
    for (WatchUpstream each : waiting) {
      if (each.headers().equals(headers)) {
        waiting.remove(each);
        return each;
      }
    }
    return null;
  }

  void giveBack(WatchUpstream unused) {
    if (unused.isPaced()) {
      unused.reset();
    } else {
      keep(unused);
    }
  }

  private void keep(WatchUpstream unused) {
    WatchUpstream tooMany = unused;
    if (unused.headers().bytes() <= IDLE_HEADERS_MAX) {
      tooMany = addIdle(unused);
    }
    if (tooMany != null) {
      tooMany.reset();
    }
  }

  /** Lets one wait; the one that has to go for it, if any. */
  private synchronized @Nullable WatchUpstream addIdle(WatchUpstream unused) {
    if (!open.contains(unused)) {
      return null;
    }
    unused.idleSinceNanos = System.nanoTime();
    idle.computeIfAbsent(unused.endpoint(), _ -> new ArrayDeque<>()).addFirst(unused);
    return idle.values().stream().mapToInt(Deque::size).sum() > IDLE_MAX ? longestIdle() : null;
  }

  private @Nullable WatchUpstream longestIdle() {
    long now = System.nanoTime();
    Deque<WatchUpstream> longest = new ArrayDeque<>();
    long nanos = 0;
    for (Deque<WatchUpstream> waiting : idle.values()) {
      WatchUpstream last = waiting.peekLast();
      if (last != null && now - last.idleSinceNanos >= nanos) {
        longest = waiting;
        nanos = now - last.idleSinceNanos;
      }
    }
    return longest.pollLast();
  }

  synchronized void ended(WatchUpstream ended) {
    open.remove(ended);
    Deque<WatchUpstream> waiting = idle.get(ended.endpoint());
    if (waiting != null) {
      waiting.remove(ended);
    }
  }

  /** To be called ten times a second. */
  void tick() {
    for (int i = 0; i < RESETS_A_TICK; i++) {
      WatchUpstream superfluous = superfluous();
      if (superfluous == null) {
        break;
      }
      superfluous.reset();
    }
    long now = System.nanoTime();
    for (WatchUpstream each : open) {
      // an idle watch would else go on from an old revision, which may be compacted by then
      if (each.isUsed()
          && now - each.askedNanos() > PROGRESS_NANOS
          && each.endpoint().remembers()) {
        each.askProgress();
      }
    }
  }

  private synchronized @Nullable WatchUpstream superfluous() {
    for (Deque<WatchUpstream> waiting : idle.values()) {
      if (waiting.size() > IDLE_MIN) {
        return waiting.removeLast();
      }
    }
    return null;
  }

  /** How many streams are open at the servers. */
  int size() {
    return open.size();
  }
}
