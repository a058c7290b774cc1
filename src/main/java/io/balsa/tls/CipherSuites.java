package io.balsa.tls;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The suites of TLS 1.2 that are spoken, by the names that etcd's {@code --cipher-suites} takes.
 * All of them have forward secrecy and authenticated encryption, as HTTP/2 demands (RFC 9113,
 * appendix A). The suites of TLS 1.3 cannot be chosen, as in etcd.
 */
public final class CipherSuites {
  /** The suites of TLS 1.3. */
  static final List<String> OF_TLS_1_3 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  private static final Map<String, String> JAVA = new LinkedHashMap<>();

  static {
    for (String name :
        List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")) {
      JAVA.put(name, name);
    }
    // old names that Go had for them
    for (String kind : List.of("RSA", "ECDSA")) {
      String old = "TLS_ECDHE_" + kind + "_WITH_CHACHA20_POLY1305";
      JAVA.put(old, old + "_SHA256");
    }
  }

  private CipherSuites() {}

  /** All suites of TLS 1.2 that are spoken, the best first. */
  public static List<String> all() {
    return JAVA.values().stream().distinct().toList();
  }

  /**
   * Java's name of a suite.
   *
   * @return null when the suite is unknown, weak or one of TLS 1.3
   */
  public static @Nullable String java(String name) {
    return JAVA.get(name);
  }
}
