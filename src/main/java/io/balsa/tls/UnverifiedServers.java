package io.balsa.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes every server for the right one. Used for {@code --insecure-skip-tls-verify}, and for {@code
 * --peer-auto-tls}, whose certificates nobody can check. No other class of Balsa trusts without a
 * check; a house rule looks for them.
 */
final class UnverifiedServers extends X509ExtendedTrustManager {
  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
    throw noClients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {
    throw noClients();
  }

  private static IllegalStateException noClients() {
    return new IllegalStateException("a client checks no clients");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
