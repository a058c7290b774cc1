package io.balsa.proxy;

import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.rpc.CallHeaders;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Tells a server for whom a login is, so that one client that guesses passwords does not shut out
 * the proxy's other clients.
 */
final class ClientAddress {
  private static final String LOGIN = AuthGrpc.getAuthenticateMethod().getFullMethodName();
  private static final int NETWORK_BYTES = 8;

  private ClientAddress() {}

  /** Adds the client's address to the headers of a login for the server. */
  static void addTo(Metadata onward, ServerCall<?, ?> client) {
    boolean login = client.getMethodDescriptor().getFullMethodName().equals(LOGIN);
    if (login
        && client.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
            instanceof InetSocketAddress at
        && at.getAddress() != null) {
      onward.put(CallHeaders.CLIENT_ADDRESS, networkOf(at.getAddress()));
    }
  }

  /** An IPv4 address, or an IPv6 network of 64 bits, because one client can own it. */
  private static String networkOf(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] network = address.getAddress();
    Arrays.fill(network, NETWORK_BYTES, network.length, (byte) 0);
    try {
      return InetAddress.getByAddress(network).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("sixteen bytes are an address", e);
    }
  }
}
