package io.balsa.certs;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a certificate shall say. Times are exact to the second.
 *
 * @param commonName the name of the subject; empty for none. etcd takes it as the user's name
 * @param dnsNames the names that a client may connect to
 * @param addresses the IP addresses that a client may connect to
 * @param usages at least one
 * @param notBefore valid from this moment
 * @param notAfter valid until this moment
 * @param serial positive, at most 159 bits (RFC 5280, section 4.1.2.2); one authority never uses
 *     one twice
 */
public record LeafRequest(
    String commonName,
    List<String> dnsNames,
    List<InetAddress> addresses,
    Set<Usage> usages,
    Instant notBefore,
    Instant notAfter,
    BigInteger serial) {
  private static final int SERIAL_BITS_MAX = 159;
  private static final int RANDOM_BITS = 127;
  private static final int COMMON_NAME_MAX = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with one line that says what is wrong
   */
  public LeafRequest {
    dnsNames = List.copyOf(dnsNames);
    addresses = List.copyOf(addresses);
    usages = Set.copyOf(usages);
    require(!usages.isEmpty(), "a certificate needs a usage");
    require(notBefore.isBefore(notAfter), "a certificate must begin before it ends");
    require(
        serial.signum() > 0 && serial.bitLength() <= SERIAL_BITS_MAX,
        "a serial number must be positive and of at most 159 bits");
    require(
        commonName.length() <= COMMON_NAME_MAX,
        "the common name \"" + commonName + "\" is longer than 64 characters");
    for (String name : dnsNames) {
      require(isDnsName(name), "bad host \"" + name + "\": give a DNS name or an IP address");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static boolean isDnsName(String name) {
    return name.matches("(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?")
        && !name.contains("..");
  }

  /** For a server that is reached by these hosts: DNS names, IP addresses or both. */
  public static LeafRequest server(
      String commonName, List<String> hosts, Instant notBefore, Instant notAfter) {
    return withHosts(commonName, hosts, Set.of(Usage.SERVER), notBefore, notAfter);
  }

  /** For a client with this name. */
  public static LeafRequest client(String commonName, Instant notBefore, Instant notAfter) {
    return withHosts(commonName, List.of(), Set.of(Usage.CLIENT), notBefore, notAfter);
  }

  /** For a member, which both listens and connects. */
  public static LeafRequest peer(
      String commonName, List<String> hosts, Instant notBefore, Instant notAfter) {
    Set<Usage> both = Set.of(Usage.SERVER, Usage.CLIENT);
    return withHosts(commonName, hosts, both, notBefore, notAfter);
  }

  /** With a random serial number; a host that is no IP address is a DNS name. */
  public static LeafRequest withHosts(
      String commonName,
      List<String> hosts,
      Set<Usage> usages,
      Instant notBefore,
      Instant notAfter) {
    List<String> names = new ArrayList<>();
    List<InetAddress> addresses = new ArrayList<>();
    for (String host : hosts) {
      try {
        addresses.add(InetAddress.ofLiteral(host));
      } catch (IllegalArgumentException _) {
        names.add(host);
      }
    }
    return new LeafRequest(
        commonName, names, addresses, usages, notBefore, notAfter, randomSerial());
  }

  /** The same with another serial number. */
  public LeafRequest withSerial(BigInteger other) {
    return new LeafRequest(commonName, dnsNames, addresses, usages, notBefore, notAfter, other);
  }

  static BigInteger randomSerial() {
    return new BigInteger(RANDOM_BITS, RANDOM).add(BigInteger.ONE);
  }
}
