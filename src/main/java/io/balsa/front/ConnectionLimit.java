package io.balsa.front;

import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the open connections of a port. One source may have half of them, so no source shuts the
 * others out. When the limit is reached, the connection that has been idle longest is closed. If no
 * connection is idle, the new one is closed at once.
 *
 * <p>A source is an IPv4 address, an IPv6 network of 64 bits (one client can own it), or the whole
 * loopback.
 */
final class ConnectionLimit {
  /** A connection that is idle for a shorter time may have a request on its way. */
  private static final long IDLE_LEAST_NANOS = 100_000_000;

  /** Idle connections that one search finds. In a flood, not every connection costs a search. */
  private static final int FOUND_AT_ONCE = 256;

  /** Connections that may be closed politely at the same time. */
  private static final int LEAVING_MAX = 16;

  private static final String LOOPBACK = "loopback";

  private final int max;
  private final int maxOfSource;
  private final ClientFaults faults;
  private final LongSupplier clock;
  private final Set<ClientConnection> open = new HashSet<>();
  private final Map<String, Integer> ofSource = new HashMap<>();
  private final ArrayDeque<Idle> longestIdle = new ArrayDeque<>();
  private @Nullable String longestIdleOf;
  private int leaving;

  /**
   * A limit without connections.
   *
   * @param max the most open connections, at least 2
   * @param clock monotonic nanoseconds
   */
  ConnectionLimit(int max, ClientFaults faults, LongSupplier clock) {
    this.max = max;
    this.maxOfSource = Math.max(1, max / 2);
    this.faults = faults;
    this.clock = clock;
  }

  /** A connection, and since when it was idle when the search saw it. */
  private record Idle(ClientConnection client, long sinceNanos) {}

  /** The number of open connections. */
  synchronized int count() {
    return open.size();
  }

  /**
   * Counts a new connection if the limit allows it; otherwise returns false, and the caller closes
   * it.
   */
  synchronized boolean admit(Channel channel, @Nullable SocketAddress from) {
    String source = sourceOf(from);
    int same = ofSource.getOrDefault(source, 0);
    boolean crowded = same >= maxOfSource;
    if ((crowded || open.size() >= max) && !makeRoom(crowded ? source : null)) {
      String why = crowded ? same + " are open from " + source : open.size() + " are open";
      faults.happened(ClientFaults.Kind.CONNECTION_REFUSED, why);
      return false;
    }
    ClientConnection client = new ClientConnection(channel, source, clock.getAsLong());
    client.attach();
    open.add(client);
    ofSource.merge(source, 1, Integer::sum);
    channel.closeFuture().addListener(_ -> gone(client));
    return true;
  }

  /**
   * Closes an idle connection, because accepting one failed; most likely there are no descriptors.
   */
  synchronized void cannotAccept(String why) {
    faults.happened(ClientFaults.Kind.ACCEPT_FAILED, why);
    boolean _ = makeRoom(null);
  }

  private boolean makeRoom(@Nullable String source) {
    long now = clock.getAsLong();
    ClientConnection idle = nextIdle(source, now);
    if (idle == null) {
      return false;
    }
    forget(idle); // the new connection has its place at once
    faults.happened(ClientFaults.Kind.IDLE_CLOSED, open.size() + 1 + " were open");
    boolean politely = leaving < LEAVING_MAX;
    leaving++;
    idle.leave(politely);
    return true;
  }

  private @Nullable ClientConnection nextIdle(@Nullable String source, long now) {
    if (longestIdle.isEmpty() || (source != null && !source.equals(longestIdleOf))) {
      look(source, now);
    }
    for (Idle next = longestIdle.poll(); next != null; next = longestIdle.poll()) {
      ClientConnection client = next.client();
      boolean still = client.isIdle() && client.idleSinceNanos() == next.sinceNanos();
      if (still && open.contains(client)) {
        return client;
      }
    }
    return null;
  }

  private void look(@Nullable String source, long now) {
    longestIdle.clear();
    longestIdleOf = source;
    open.stream()
        .filter(client -> source == null || source.equals(client.source()))
        .filter(ClientConnection::isIdle)
        .map(client -> new Idle(client, client.idleSinceNanos()))
        .filter(idle -> now - idle.sinceNanos() >= IDLE_LEAST_NANOS)
        .sorted(Comparator.comparingLong((Idle idle) -> now - idle.sinceNanos()).reversed())
        .limit(FOUND_AT_ONCE)
        .forEach(longestIdle::add);
  }

  private synchronized void gone(ClientConnection client) {
    if (!forget(client)) {
      leaving--;
    }
  }

  private boolean forget(ClientConnection client) {
    boolean was = open.remove(client);
    if (was) {
      ofSource.computeIfPresent(client.source(), (_, count) -> count > 1 ? count - 1 : null);
    }
    return was;
  }

  private static String sourceOf(@Nullable SocketAddress from) {
    return from instanceof InetSocketAddress inet && inet.getAddress() != null
        ? sourceOf(inet.getAddress())
        : LOOPBACK;
  }

  static String sourceOf(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return LOOPBACK;
    }
    String text = address.getHostAddress();
    return address instanceof Inet6Address
        ? String.join(":", Arrays.asList(text.split(":")).subList(0, 4)) + "::/64"
        : text;
  }
}
