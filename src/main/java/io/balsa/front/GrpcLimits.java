package io.balsa.front;

import java.time.Duration;

/**
 * Limits of gRPC connections, which etcd's flags set.
 *
 * @param streamsMax the most open calls of a connection, etcd's {@code --max-concurrent-streams};
 *     at least 1; a smaller limit of the port may hold
 * @param pingLeast how often a client may ping at most, {@code --grpc-keepalive-min-time}
 * @param ping after which silence the server pings, {@code --grpc-keepalive-interval}; 0 for never,
 *     less than 10 s for 10 s
 * @param pingTimeout how long it waits for the answer, {@code --grpc-keepalive-timeout}; 0 for
 *     never pinging
 */
public record GrpcLimits(int streamsMax, Duration pingLeast, Duration ping, Duration pingTimeout) {
  /** etcd's defaults. */
  public static final GrpcLimits DEFAULT =
      new GrpcLimits(
          Integer.MAX_VALUE, Duration.ofSeconds(5), Duration.ofHours(2), Duration.ofSeconds(20));

  boolean pings() {
    return !ping.isZero() && !pingTimeout.isZero();
  }
}
