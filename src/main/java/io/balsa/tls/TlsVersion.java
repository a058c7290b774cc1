package io.balsa.tls;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The versions of TLS that are spoken, from the oldest to the newest. */
public enum TlsVersion {
  TLS_1_2("TLS1.2", "TLSv1.2"),
  TLS_1_3("TLS1.3", "TLSv1.3");

  private final String etcd;
  private final String java;

  TlsVersion(String etcd, String java) {
    this.etcd = etcd;
    this.java = java;
  }

  /** The version that etcd's flags call so, such as {@code TLS1.2}. */
  public static Optional<TlsVersion> named(String name) {
    return Arrays.stream(values()).filter(version -> version.etcd.equals(name)).findFirst();
  }

  /** Java's names of the versions from one to another. */
  static List<String> between(TlsVersion least, TlsVersion most) {
    return Arrays.stream(values())
        .filter(version -> version.compareTo(least) >= 0 && version.compareTo(most) <= 0)
        .map(version -> version.java)
        .toList();
  }
}
