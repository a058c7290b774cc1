package io.balsa.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a certificate is for, by its subject alternative names alone (RFC 9525). The common
 * name is no host. A wildcard stands for one whole label on the left.
 */
final class CertificateHosts {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private CertificateHosts() {}

  /** Whether a certificate names a host: a name, or an address without brackets. */
  static boolean names(X509Certificate certificate, String host) {
    InetAddress address = literal(host);
    return address == null
        ? of(certificate, DNS).stream().anyMatch(name -> matches(name, host))
        : of(certificate, ADDRESS).stream().anyMatch(name -> address.equals(literal(name)));
  }

  /** All hosts that a certificate names. */
  static List<String> all(X509Certificate certificate) {
    List<String> all = new ArrayList<>(of(certificate, DNS));
    all.addAll(of(certificate, ADDRESS));
    return all;
  }

  /** The common name; null when there is none. */
  static @Nullable String commonName(X509Certificate certificate) {
    try {
      LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
      String name = null;
      for (Rdn part : subject.getRdns()) { // from the right, so the last one is the leftmost
        if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String text) {
          name = text;
        }
      }
      return name;
    } catch (InvalidNameException _) {
      return null;
    }
  }

  private static List<String> of(X509Certificate certificate, int kind) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        if (name.get(0) instanceof Integer type
            && type == kind
            && name.get(1) instanceof String text) {
          names.add(text);
        }
      }
    } catch (CertificateParsingException _) {
      return List.of(); // a name that cannot be read is for no host
    }
    return names;
  }

  private static boolean matches(String pattern, String host) {
    String wanted = plain(host);
    String name = plain(pattern);
    if (!name.startsWith("*.")) {
      return !name.isEmpty() && name.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    return dot > 0 && wanted.substring(dot).equals(name.substring(1));
  }

  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
