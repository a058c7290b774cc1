package io.balsa.tls;

import io.grpc.ChannelCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyChannelCredentials;
import io.grpc.netty.InternalProtocolNegotiator.ClientFactory;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of connections to servers. Each connection uses the newest files, begins with a whole
 * handshake, and checks the server's certificate and its host. When the files change, connections
 * to servers that are trusted no more are closed. Safe for all threads.
 */
public final class ClientTls implements AutoCloseable {
  /** Trusts the authorities that Java trusts, and shows no certificate. */
  public static final ClientTls OF_SYSTEM = ofSystem();

  private final TlsSource source;
  private final TlsRules rules;
  private final @Nullable String serverName;
  private final boolean verifies;
  private final OpenConnections servers = new OpenConnections();
  private final TlsSource.Use use = this::filesChanged;

  private ClientTls(
      TlsSource source, TlsRules rules, @Nullable String serverName, boolean verifies) {
    this.source = source;
    this.rules = rules;
    this.serverName = serverName;
    this.verifies = verifies;
    source.follow(use);
  }

  /**
   * TLS that checks every server.
   *
   * @param serverName the host that certificates must name; null for the host of the address
   */
  public static ClientTls of(TlsSource source, TlsRules rules, @Nullable String serverName) {
    return new ClientTls(source, rules, serverName, true);
  }

  /**
   * TLS that takes every server for the right one: enciphered, but a server between the two can
   * read all.
   */
  public static ClientTls unverified(TlsSource source, TlsRules rules) {
    return new ClientTls(source, rules, null, false);
  }

  private static ClientTls ofSystem() {
    try {
      return of(TlsSource.open(TlsFiles.NONE, TlsListener.NONE), TlsRules.DEFAULT, null);
    } catch (TlsFailure e) {
      throw new IllegalStateException(e.line(), e);
    }
  }

  /** The files. */
  public TlsSource source() {
    return source;
  }

  /** The host that certificates must name; null for the host of the address. */
  public @Nullable String serverName() {
    return serverName;
  }

  /** For a channel of gRPC. */
  public ChannelCredentials credentials() {
    return InternalNettyChannelCredentials.create(new Factory());
  }

  /**
   * For a client of HTTPS that is not Netty's, with the newest files. The client itself must check
   * the host, as {@code java.net.http} does.
   */
  public SSLContext context() {
    TlsMaterial material = source.newest();
    TlsIdentity own = material.forServers();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own == null ? null : new KeyManager[] {new ShownKey(own)},
          new TrustManager[] {trust(material)},
          null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Java has no TLS", impossible);
    }
  }

  private Runnable filesChanged(TlsMaterial material) throws TlsFailure {
    var _ = build(material); // so that files of which nothing can be built are not taken
    return () -> {
      if (verifies) {
        servers.closeAllBut(material.trust()::checkServer);
      }
    };
  }

  private X509ExtendedTrustManager trust(TlsMaterial material) {
    return verifies ? new TrustedServers(material.trust()) : new UnverifiedServers();
  }

  private SslContext build(TlsMaterial material) throws TlsFailure {
    return TlsContexts.client(material, rules, trust(material));
  }

  private SslContext context(TlsMaterial material) {
    try {
      return build(material);
    } catch (TlsFailure e) {
      throw new IllegalStateException(e.line(), e);
    }
  }

  private final class Factory implements ClientFactory {
    @Override
    public ProtocolNegotiator newNegotiator() {
      return new Negotiator();
    }

    @Override
    public int getDefaultPort() {
      return 443;
    }
  }

  /** Makes a context for each connection. */
  private final class Negotiator implements ProtocolNegotiator {
    @Override
    public AsciiString scheme() {
      return AsciiString.of("https");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
      return new First(handler);
    }

    @Override
    public void close() {}
  }

  /**
   * Begins TLS when the connection is there, because a context costs time and many attempts fail.
   * Notes the server when the handshake has ended.
   */
  private final class First extends ChannelInboundHandlerAdapter {
    private final GrpcHttp2ConnectionHandler grpc;
    private @Nullable Object start;
    private @Nullable TlsMaterial began;

    First(GrpcHttp2ConnectionHandler grpc) {
      this.grpc = grpc;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      if (context.channel().isActive()) {
        begin(context);
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      begin(context);
      context.fireChannelActive();
    }

    private void begin(ChannelHandlerContext context) {
      if (began != null) {
        return;
      }
      TlsMaterial material = source.newest();
      began = material;
      // a null name stands for the one in the channel's address
      ChannelHandler next =
          InternalProtocolNegotiators.tls(context(material), serverName, null).newHandler(grpc);
      context.pipeline().addAfter(context.name(), null, next);
      if (start != null) {
        context.fireUserEventTriggered(start);
      }
    }

    /** gRPC's start event waits for the handler that needs it. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (began == null && event instanceof ProtocolNegotiationEvent) {
        start = event;
      } else {
        context.fireUserEventTriggered(event);
      }
    }

    /** The first bytes come from the handshake, so its handler is there. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      SslHandler ssl = context.pipeline().get(SslHandler.class);
      if (ssl != null) {
        ssl.handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    opened(context.channel(), ssl.engine().getSession());
                  }
                });
      }
      context.fireChannelRead(message);
      context.pipeline().remove(this);
    }

    /** It is noted first: a change that comes later finds it there. */
    private void opened(Channel channel, SSLSession session) {
      servers.add(channel, session);
      TlsMaterial now = source.newest();
      if (verifies && !now.equals(began)) {
        servers.closeUnless(channel, now.trust()::checkServer);
      }
    }
  }

  /** Follows the files no more. */
  @Override
  public void close() {
    source.forget(use);
  }
}
