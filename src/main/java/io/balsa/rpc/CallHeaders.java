package io.balsa.rpc;

import io.grpc.Metadata;

/** Metadata keys of calls, beside those of {@link WriteHeaders}. */
public final class CallHeaders {
  /**
   * With the value {@code true}: the call fails when the server knows no leader, and a stream ends
   * when there is none any more (etcd: {@code clientv3.WithRequireLeader}).
   */
  public static final Metadata.Key<String> HAS_LEADER = text("hasleader");

  /** The name of {@link #CLIENT_VERSION} and of the key that carries its raw bytes. */
  public static final String CLIENT_VERSION_NAME = "client-api-version";

  /** The version of the client's API, which etcd's clients send. */
  public static final Metadata.Key<String> CLIENT_VERSION = text(CLIENT_VERSION_NAME);

  /**
   * With the value {@code 1}, sent by the proxy: asks for field 1001 of WatchResponse in the first
   * fragment of a revision, the size in bytes of all its fragments together.
   */
  public static final Metadata.Key<String> WHOLE_BYTES = text("balsa-whole-bytes");

  /**
   * Sent by the proxy with every call. Behind a proxy, the certificate of a connection says who the
   * proxy is, and not who calls.
   */
  public static final Metadata.Key<String> PROXY_HOPS = text("balsa-proxy-hops");

  /**
   * Sent by the proxy with a login: the address of its client without the port. Any program can
   * send it, so it may divide what a source has, but never give more rights.
   */
  public static final Metadata.Key<String> CLIENT_ADDRESS = text("balsa-client-address");

  private CallHeaders() {}

  /** A key whose values are ASCII text. */
  public static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
