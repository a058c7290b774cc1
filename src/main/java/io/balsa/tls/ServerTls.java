package io.balsa.tls;

import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;

/**
 * TLS at the ports that share a set of files. A handshake takes ten seconds at most. At most 256
 * handshakes are unfinished, half of them from one source; then an old one is closed. When the
 * files change, the connections of clients that are trusted no more are closed. Safe for all
 * threads.
 */
public final class ServerTls implements AutoCloseable {
  static final int UNFINISHED_MAX = 256;
  static final long HANDSHAKE_MILLIS = 10_000;

  private final TlsSource source;
  private final TlsRules rules;
  private final long handshakeMillis;
  private final Handshakes handshakes;
  private final OpenConnections clients = new OpenConnections();
  private final TlsSource.Use use = this::filesChanged;
  private volatile Current current;

  /** What new connections use; a new object after each change. */
  record Current(SslContext context, TrustedClients clients) {}

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
    source.changing().lock(); // no change may come between the first context and the listening
    try {
      this.current = build(source.newest());
      source.follow(use);
    } finally {
      source.changing().unlock();
    }
  }

  /** The files. */
  public TlsSource source() {
    return source;
  }

  /** Whether clients must show a certificate. */
  public boolean demandsClients() {
    return rules.demandsClients();
  }

  private Current build(TlsMaterial material) throws TlsFailure {
    TrustedClients trusted = new TrustedClients(material.trust(), rules);
    return new Current(TlsContexts.server(material, rules, trusted), trusted);
  }

  private Runnable filesChanged(TlsMaterial material) throws TlsFailure {
    Current next = build(material);
    return () -> {
      current = next;
      clients.closeAllBut(next.clients()::check);
    };
  }

  Current current() {
    return current;
  }

  long handshakeMillis() {
    return handshakeMillis;
  }

  Handshakes handshakes() {
    return handshakes;
  }

  /**
   * Notes a connection whose handshake has ended. If the files have changed since it began, its
   * client is checked by the newest ones. It is noted first: a later change finds it there.
   *
   * @param began what was in use when the handshake began
   * @throws CertificateException when the client is trusted no more
   */
  void opened(Channel channel, SSLSession session, Current began) throws CertificateException {
    clients.add(channel, session);
    Current now = current;
    X509Certificate[] chain = OpenConnections.chain(session);
    if (!now.equals(began) && chain.length > 0) {
      now.clients().check(chain);
    }
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
    source.forget(use);
  }
}
