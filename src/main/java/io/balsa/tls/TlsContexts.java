package io.balsa.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Makes Netty's contexts. The implementation of TLS is chosen here and nowhere else: it is Java's
 * own; docs/decisions/0025 says why.
 */
final class TlsContexts {
  /** A resumed session is as old as this at most, in seconds. */
  private static final int SESSION_SECONDS = 3_600;

  private static final int SESSIONS_MAX = 10_000;

  static {
    // Java reads it once, before its first handshake as a server
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  private TlsContexts() {}

  /**
   * A context for the connections of clients. A session that began in another context cannot be
   * resumed in it, so each client is checked by the newest rules. A client that speaks both
   * protocols, such as a browser or curl, gets HTTP/1.1: HTTP/2 is for gRPC, whose clients offer
   * nothing else.
   */
  static SslContext server(TlsMaterial material, TlsRules rules, X509ExtendedTrustManager clients)
      throws TlsFailure {
    TlsIdentity own = Objects.requireNonNull(material.own(), "a port has a certificate");
    try {
      return new JdkSslContext(
          serverContext(new ShownKey(own), clients),
          false,
          suites(rules),
          SupportedCipherSuiteFilter.INSTANCE,
          protocols(ApplicationProtocolNames.HTTP_1_1, ApplicationProtocolNames.HTTP_2),
          rules.demandsClients() ? ClientAuth.REQUIRE : ClientAuth.NONE,
          TlsVersion.between(rules.least(), rules.most()).toArray(new String[0]),
          false);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  /** Netty's builder would first load all of Bouncy Castle: seconds of a small server's start. */
  private static SSLContext serverContext(ShownKey own, X509ExtendedTrustManager clients)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {own}, new TrustManager[] {clients}, null);
    context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
    context.getServerSessionContext().setSessionCacheSize(SESSIONS_MAX);
    return context;
  }

  /** A context for one connection to a server: a session is never resumed. */
  static SslContext client(TlsMaterial material, TlsRules rules, X509ExtendedTrustManager servers)
      throws TlsFailure {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(TlsVersion.between(rules.least(), rules.most()))
            .ciphers(suites(rules), SupportedCipherSuiteFilter.INSTANCE)
            .endpointIdentificationAlgorithm("HTTPS")
            .applicationProtocolConfig(protocols(ApplicationProtocolNames.HTTP_2))
            .trustManager(servers);
    TlsIdentity own = material.forServers();
    if (own != null) {
      builder.keyManager(new ShownKey(own));
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  private static TlsFailure unusable(Exception cause) {
    return new TlsFailure("TLS cannot be used with these settings: " + cause.getMessage(), cause);
  }

  private static List<String> suites(TlsRules rules) {
    if (rules.suites().isEmpty()) {
      return Http2SecurityUtil.CIPHERS;
    }
    List<String> suites = new ArrayList<>(CipherSuites.OF_TLS_1_3);
    suites.addAll(rules.suites());
    return suites;
  }

  /** A client may leave the protocol open: then its first bytes show it. */
  private static ApplicationProtocolConfig protocols(String... names) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        names);
  }
}
