package io.balsa.access;

import io.balsa.auth.AuthState;
import io.balsa.model.Caller;
import io.balsa.node.Node;
import io.balsa.rpc.CallHeaders;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls: by the token in the metadata {@code token} or {@code authorization}, or else
 * by the common name of the client's certificate. As in etcd, a token goes before a certificate.
 * Behind a proxy there is only the token, see {@link AccessGate}.
 */
final class Identities {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BEARER = "Bearer ";

  /** An IPv6 address in hexadecimal digits is not longer. */
  private static final int ADDRESS_MAX = 39;

  private final Node node;
  private final KnownTokens tokens;

  Identities(Node node, KnownTokens tokens) {
    this.node = node;
    this.tokens = tokens;
  }

  /** The token that a client sent; null for none. The first of several counts. */
  static @Nullable String token(Metadata metadata) {
    String text = first(metadata, TOKEN);
    String token = text == null ? first(metadata, AUTHORIZATION) : text;
    return token != null && token.startsWith(BEARER) ? token.substring(BEARER.length()) : token;
  }

  private static @Nullable String first(Metadata metadata, Metadata.Key<String> key) {
    Iterable<String> all = metadata.getAll(key);
    return all == null ? null : all.iterator().next();
  }

  /** The index that this server must have applied before it can judge a token; 0 for none. */
  long awaited(@Nullable String token) {
    return token == null || !node.auth().enabled() ? 0 : tokens.awaited(token);
  }

  /** The session of a call. */
  CallerSession session(
      ServerCall<?, ?> call,
      Metadata metadata,
      @Nullable String token,
      @Nullable String commonName) {
    boolean certified = commonName != null && !commonName.isEmpty();
    String identity = token != null ? "token" : certified ? "certificate" : "none";
    return new CallerSession(
        source(call), client(metadata), identity, () -> caller(token, commonName));
  }

  private static String client(Metadata metadata) {
    String said = metadata.get(CallHeaders.CLIENT_ADDRESS);
    return said == null ? "" : said.substring(0, Math.min(said.length(), ADDRESS_MAX));
  }

  private static String source(ServerCall<?, ?> call) {
    SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return from instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "";
  }

  private Caller caller(@Nullable String token, @Nullable String commonName) {
    AuthState auth = node.auth();
    if (!auth.enabled()) {
      return Caller.nobody(1);
    }
    if (token != null) {
      return tokens.caller(token, auth);
    }
    return commonName == null || commonName.isEmpty()
        ? Caller.nobody(auth.revision())
        : Caller.of(commonName, auth.revision());
  }
}
