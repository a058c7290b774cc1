package io.balsa.bytes;

/** Numbers on which clients, proxies and servers must agree. */
public final class ProtocolLimits {
  /**
   * How many of a client's named writes a server remembers. A client has no more of them open at
   * once, so each one that it repeats is still remembered.
   */
  public static final int WRITE_WINDOW = 128;

  /** The largest request in bytes: etcd's default for {@code --max-request-bytes}, 1.5 MiB. */
  public static final int REQUEST_BYTES = 1536 << 10;

  /**
   * A request of more bytes is large. A proxy and a server each handle few large ones at once, so
   * that small ones need not wait for many of them.
   */
  public static final int LARGE_REQUEST_BYTES = 256 << 10;

  /** By how many bytes a gRPC message may be larger than the largest request, as in etcd. */
  public static final int GRPC_OVERHEAD_BYTES = 512 << 10;

  private ProtocolLimits() {}
}
