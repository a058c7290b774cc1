package io.balsa.tls;

import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * TLS at the ports that share a set of files. A handshake takes ten seconds at most. At most 256
 * handshakes are unfinished; then the oldest is closed. When the files change, the connections of
 * clients that are trusted no more are closed. Safe for all threads.
 */
public final class ServerTls implements AutoCloseable {
  static final int UNFINISHED_MAX = 256;
  static final long HANDSHAKE_MILLIS = 10_000;

  private final TlsSource source;
  private final TlsRules rules;
  private final long handshakeMillis;
  private final Handshakes handshakes;
  private final OpenConnections clients = new OpenConnections();
  private final Runnable change = this::filesChanged;
  private volatile SslContext context;

  /**
   * TLS with these files and rules.
   *
   * @throws TlsFailure when the files hold no certificate, or the rules leave nothing to speak
   */
  public static ServerTls of(TlsSource source, TlsRules rules) throws TlsFailure {
    return new ServerTls(source, rules, UNFINISHED_MAX, HANDSHAKE_MILLIS);
  }

  /** The same with other bounds. */
  ServerTls(TlsSource source, TlsRules rules, int unfinishedMax, long handshakeMillis)
      throws TlsFailure {
    this.source = source;
    this.rules = rules;
    this.handshakeMillis = handshakeMillis;
    this.handshakes = new Handshakes(unfinishedMax);
    if (source.newest().own() == null) {
      throw new TlsFailure("TLS needs a certificate and its key");
    }
    try {
      this.context = build(source.newest());
    } catch (SSLException e) {
      throw new TlsFailure("TLS cannot be used with these settings: " + e.getMessage(), e);
    }
    source.onChange(change);
  }

  /** The files. */
  public TlsSource source() {
    return source;
  }

  /** Whether clients must show a certificate. */
  public boolean demandsClients() {
    return rules.demandsClients();
  }

  private SslContext build(TlsMaterial material) throws SSLException {
    return TlsContexts.server(material, rules, new TrustedClients(material.trust(), rules));
  }

  private void filesChanged() {
    TlsMaterial material = source.newest();
    try {
      context = build(material);
    } catch (SSLException e) {
      throw new IllegalStateException("the new files cannot be used: " + e.getMessage(), e);
    } finally {
      clients.closeAllBut(new TrustedClients(material.trust(), rules)::check);
    }
  }

  SslContext context() {
    return context;
  }

  long handshakeMillis() {
    return handshakeMillis;
  }

  Handshakes handshakes() {
    return handshakes;
  }

  OpenConnections clients() {
    return clients;
  }

  /**
   * The first handler of a connection. After the handshake, {@code next} takes its place and gets
   * what is deciphered.
   *
   * @param failed gets one line when the handshake fails; on the connection's event loop
   */
  public ChannelHandler before(ChannelHandler next, Consumer<String> failed) {
    return new TlsGate(this, next, failed);
  }

  /**
   * For a port that serves gRPC alone.
   *
   * @param failed as for {@link #before}
   */
  public ServerCredentials credentials(Consumer<String> failed) {
    return InternalNettyServerCredentials.create(new Negotiator(failed));
  }

  private final class Negotiator implements ProtocolNegotiator {
    private final ProtocolNegotiator grpc = InternalProtocolNegotiators.serverPlaintext();
    private final Consumer<String> failed;

    Negotiator(Consumer<String> failed) {
      this.failed = failed;
    }

    @Override
    public AsciiString scheme() {
      return AsciiString.of("https");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
      return before(grpc.newHandler(handler), failed);
    }

    @Override
    public void close() {
      grpc.close();
    }
  }

  /** Follows the files no more. */
  @Override
  public void close() {
    source.forget(change);
  }
}
