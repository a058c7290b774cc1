package io.balsa.front;

import io.balsa.bytes.ProtocolLimits;

/**
 * The limits of a port.
 *
 * @param maxRequestBytes the largest request a client may make, etcd's {@code --max-request-bytes}
 * @param prefaceMillis how long a new connection may take to show its protocol, and how long the
 *     headers of a gRPC call may take
 * @param requestMillis how long an HTTP/1.1 request may take from its first byte to its last
 * @param idleMillis how long an HTTP/1.1 connection may wait for its next request
 * @param connectionsMax how many connections of both protocols may be open
 * @param grpc the limits of gRPC connections
 */
public record FrontLimits(
    int maxRequestBytes,
    long prefaceMillis,
    long requestMillis,
    long idleMillis,
    int connectionsMax,
    GrpcLimits grpc) {
  private static final int CONNECTIONS_MAX = 10_000;

  /** etcd's limit for requests, 1.5 MiB, and the default times. */
  public static final FrontLimits DEFAULT = of(ProtocolLimits.REQUEST_BYTES);

  FrontLimits(
      int maxRequestBytes,
      long prefaceMillis,
      long requestMillis,
      long idleMillis,
      int connectionsMax) {
    this(
        maxRequestBytes,
        prefaceMillis,
        requestMillis,
        idleMillis,
        connectionsMax,
        GrpcLimits.DEFAULT);
  }

  /** The default times with another limit for requests. */
  public static FrontLimits of(int maxRequestBytes) {
    return new FrontLimits(maxRequestBytes, 10_000, 30_000, 75_000, CONNECTIONS_MAX);
  }

  /** The same limits with another number of connections; the most is 10,000. */
  public FrontLimits withConnections(int most) {
    return new FrontLimits(
        maxRequestBytes,
        prefaceMillis,
        requestMillis,
        idleMillis,
        Math.min(most, CONNECTIONS_MAX),
        grpc);
  }

  /** The same limits with others for gRPC. */
  public FrontLimits withGrpc(GrpcLimits other) {
    return new FrontLimits(
        maxRequestBytes, prefaceMillis, requestMillis, idleMillis, connectionsMax, other);
  }

  /** The largest gRPC message; gRPC itself refuses larger ones. */
  int messageBytes() {
    return maxRequestBytes + ProtocolLimits.GRPC_OVERHEAD_BYTES;
  }

  /** The largest HTTP/1.1 body: base64 makes a request a third longer. */
  int bodyBytes() {
    return maxRequestBytes / 3 * 4 + ProtocolLimits.GRPC_OVERHEAD_BYTES;
  }
}
