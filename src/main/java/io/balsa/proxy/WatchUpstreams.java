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
 * The watch streams at the servers. Only a reset can end a watch stream, and a server counts resets
 * as an attack. So a stream whose client has left waits for the next client with equal metadata.
 * Only ten waiting streams are reset in a tick, unless too many wait.
 */
final class WatchUpstreams {
  /** How many streams may wait at each server without a time limit. */
  private static final int IDLE_MIN = 16;

  /**
   * The most waiting streams at all servers together. Beyond it, the stream that has waited longest
   * is reset.
   */
  private static final int IDLE_MAX = 256;

  /** A stream with more bytes of metadata does not wait. */
  private static final int IDLE_HEADERS_MAX = 4 << 10;

  private static final int RESETS_A_TICK = 10;
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final ByteBound bytes;
  private final Map<Endpoint, Deque<WatchUpstream>> idle = new HashMap<>();
  private final Set<WatchUpstream> open = ConcurrentHashMap.newKeySet();

  /** Streams for a proxy that may use an eighth of this process's heap for watches. */
  WatchUpstreams() {
    this(Runtime.getRuntime().maxMemory() / 8);
  }

  /**
   * Streams for a proxy.
   *
   * @param bytesMax the most bytes that all clients' watches may take, keys included
   */
  WatchUpstreams(long bytesMax) {
    this.bytes = new ByteBound(bytesMax);
  }

  /** The bytes that the watches of all clients take. */
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

  /** A stream that is read at its client's pace, and reset when it is given back. */
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

  /** Lets a stream wait. Returns the stream that must be reset instead; null for none. */
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

  /** Must be called ten times a second. */
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
      // without progress, an idle watch would resume from an old revision, which may be compacted
      // by then
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

  /** The number of open streams at the servers. */
  int size() {
    return open.size();
  }
}
