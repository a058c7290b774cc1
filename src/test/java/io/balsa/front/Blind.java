package io.balsa.front;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** A client that looks at no certificate: these tests look at the server. */
final class Blind implements X509TrustManager {
  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
