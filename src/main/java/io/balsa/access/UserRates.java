package io.balsa.access;

import io.balsa.errors.EtcdError;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the requests per second of each user. A user may make the requests of one second at once;
 * then they come at the rate. A client without a user is its source: an IPv4 address, or an IPv6
 * network of 64 bits, because one client can own it.
 */
final class UserRates {
  /** The most requests per second that can be set. */
  static final int RATE_MAX = 1_000_000;

  private static final long SECOND_NANOS = 1_000_000_000;
  private static final int NETWORK_BYTES = 8;

  private final long nanosEach;
  private final LongSupplier nanos;
  private final LongAdder refused = new LongAdder();
  private final Map<Object, Due> users;

  /** When a user's next request is due, if its requests came evenly; nanoseconds of the clock. */
  private static final class Due {
    private long nanos;

    Due(long nanos) {
      this.nanos = nanos;
    }
  }

  /**
   * Rates without requests.
   *
   * @param perSecond the requests per second of each user, at most {@link #RATE_MAX}; 0 for no
   *     limit
   * @param usersMax the most users that are remembered; who was still for longest is forgotten
   * @param nanos a clock that never goes back
   */
  UserRates(int perSecond, int usersMax, LongSupplier nanos) {
    this.nanosEach = perSecond == 0 ? 0 : SECOND_NANOS / perSecond;
    this.nanos = nanos;
    this.users =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Object, Due> eldest) {
            return size() > usersMax;
          }
        };
  }

  /** Whether there is a limit. */
  boolean areLimited() {
    return nanosEach > 0;
  }

  /** Counts a request; false if it comes too early. Makes no object for a known user. */
  synchronized boolean admits(Object user) {
    long now = nanos.getAsLong();
    Due due = users.get(user);
    if (due == null) {
      users.put(user, new Due(now + nanosEach));
      return true;
    }
    long from = due.nanos - now > 0 ? due.nanos : now;
    boolean admitted = from + nanosEach - now <= SECOND_NANOS;
    if (admitted) {
      due.nanos = from + nanosEach;
    }
    return admitted;
  }

  /** The status of a refused request, which is counted. */
  Status refusal() {
    refused.increment();
    return EtcdError.TOO_FAST.status();
  }

  /** How many requests were refused. */
  long refused() {
    return refused.sum();
  }

  /** How many users are remembered. */
  synchronized int remembered() {
    return users.size();
  }

  /** Stands for the source of a call; calls without a known address are of one source. */
  static Object sourceOf(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress at
        ? networkOf(at.getAddress())
        : "";
  }

  private static Object networkOf(@Nullable InetAddress address) {
    if (address instanceof Inet6Address) {
      byte[] bytes = address.getAddress();
      long network = 0;
      for (int i = 0; i < NETWORK_BYTES; i++) {
        network = network << Byte.SIZE | (bytes[i] & 0xff);
      }
      return network;
    }
    return address == null ? "" : address;
  }
}
