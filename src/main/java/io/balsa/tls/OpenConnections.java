package io.balsa.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The open connections whose other side has shown a certificate, to check them again later. */
final class OpenConnections {
  private final Map<Channel, X509Certificate[]> chains = new ConcurrentHashMap<>();

  /** Says whether a certificate is still good. */
  @FunctionalInterface
  interface Check {
    void run(X509Certificate... chain) throws CertificateException;
  }

  /** Adds a connection if its other side has shown a certificate. */
  void add(Channel channel, SSLSession session) {
    X509Certificate[] chain = chain(session);
    if (chain.length > 0) {
      chains.put(channel, chain);
      channel.closeFuture().addListener(_ -> chains.remove(channel));
    }
  }

  /** Closes the connections that do not pass, and those that cannot be checked. */
  void closeAllBut(Check check) {
    chains.forEach((channel, chain) -> closeUnless(channel, chain, check));
  }

  /** The same for one connection. */
  void closeUnless(Channel channel, Check check) {
    X509Certificate[] chain = chains.get(channel);
    if (chain != null) {
      closeUnless(channel, chain, check);
    }
  }

  private static void closeUnless(Channel channel, X509Certificate[] chain, Check check) {
    try {
      check.run(chain);
    } catch (CertificateException | RuntimeException _) { // thread root: of one connection's check
      close(channel);
    }
  }

  /** At once: from the first handler, because others may wait for the other side. */
  static void close(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    var _ = first == null ? channel.close() : first.close();
  }

  /** What the other side has shown; empty for nothing. */
  static X509Certificate[] chain(SSLSession session) {
    try {
      Certificate[] shown = session.getPeerCertificates();
      return Arrays.copyOf(shown, shown.length, X509Certificate[].class);
    } catch (SSLPeerUnverifiedException _) {
      return new X509Certificate[0];
    }
  }
}
