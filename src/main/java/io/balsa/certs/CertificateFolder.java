package io.balsa.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder with all certificates of a cluster for tests: NAME.crt and NAME.key for each.
 *
 * <p>There are two authorities, {@code client-ca} and {@code peer-ca}. Members trust only the
 * second one at their peer ports. So the certificate of a client opens no peer port.
 *
 * @param path the folder; made when it is missing
 * @param kind of all keys
 * @param now certificates are valid from an hour before, because clocks differ
 * @param validity of all but the authorities, which are valid for ten times as long
 */
public record CertificateFolder(Path path, KeyKind kind, Instant now, Duration validity) {
  private static final String CLIENT_CA = "client-ca";
  private static final String PEER_CA = "peer-ca";
  private static final Duration EARLIER = Duration.ofHours(1);
  private static final int TIMES_AS_LONG = 10;

  /**
   * What happened to a certificate and its key.
   *
   * @param made whether they are new; if not, older ones were kept
   * @param lacking hosts that were asked for, but that an older certificate does not name
   */
  public record Pair(Path certificate, Path key, boolean made, List<String> lacking) {}

  /**
   * Makes what is missing: the authorities, {@code server}, {@code peer}, and {@code client-USER}
   * for each user.
   *
   * @param hosts DNS names and IP addresses of the servers
   * @param replace whether to make also what is there already
   * @throws IOException with one line, if a file is bad, has no partner or cannot be written
   * @throws IllegalArgumentException with one line, if a host or a user's name is bad
   */
  public List<Pair> make(List<String> hosts, List<String> users, boolean replace)
      throws IOException {
    Instant from = now.minus(EARLIER);
    Instant until = now.plus(validity);
    LeafRequest server = LeafRequest.server("server", hosts, from, until);
    LeafRequest peer = LeafRequest.peer("peer", hosts, from, until);
    List<LeafRequest> clients = new ArrayList<>();
    for (String user : users) {
      requireFileName(user);
      clients.add(LeafRequest.client(user, from, until));
    }
    Files.createDirectories(path);
    List<Pair> pairs = new ArrayList<>();
    Authority forClients = authority(CLIENT_CA, replace, pairs);
    Authority forPeers = authority(PEER_CA, replace, pairs);
    pairs.add(leaf("server", forClients, server, hosts, replace));
    pairs.add(leaf("peer", forPeers, peer, hosts, replace));
    for (LeafRequest client : clients) {
      String name = "client-" + client.commonName();
      pairs.add(leaf(name, forClients, client, List.of(), replace));
    }
    return pairs;
  }

  private static void requireFileName(String user) {
    if (!user.matches("[A-Za-z0-9_][A-Za-z0-9._@-]*")) {
      throw new IllegalArgumentException(
          "bad user \"" + user + "\": give letters, digits and any of . _ @ -");
    }
  }

  private Authority authority(String name, boolean replace, List<Pair> pairs) throws IOException {
    Pair older = pair(name, false, List.of());
    if (!replace && isThere(older)) {
      pairs.add(older);
      return read(name);
    }
    Instant until = now.plus(validity.multipliedBy(TIMES_AS_LONG));
    Authority made = Authority.create("balsa " + name, kind, now.minus(EARLIER), until);
    pairs.add(write(name, made.identity()));
    Files.deleteIfExists(crl(name)); // of the authority that was replaced
    return made;
  }

  private Pair leaf(
      String name, Authority issuer, LeafRequest request, List<String> hosts, boolean replace)
      throws IOException {
    Pair older = pair(name, false, List.of());
    if (replace || !isThere(older)) {
      return write(name, issuer.issue(request));
    }
    X509Certificate certificate = read(older.certificate(), Pem::certificates).getFirst();
    if (!issuer.issued(certificate)) {
      throw new IOException(
          older.certificate() + " is of another authority; delete it and its key");
    }
    return pair(name, false, lacking(certificate, hosts));
  }

  private static List<String> lacking(X509Certificate certificate, List<String> hosts)
      throws IOException {
    try {
      LeafRequest wanted =
          LeafRequest.server("", hosts, Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
      List<String> named = new ArrayList<>();
      if (certificate.getSubjectAlternativeNames() != null) {
        certificate
            .getSubjectAlternativeNames()
            .forEach(each -> named.add(String.valueOf(each.get(1))));
      }
      List<String> lacking = new ArrayList<>(wanted.dnsNames());
      wanted.addresses().forEach(each -> lacking.add(each.getHostAddress()));
      lacking.removeAll(named);
      return lacking;
    } catch (CertificateParsingException bad) {
      throw new IOException("a certificate names its hosts in a bad way", bad);
    }
  }

  /** The certificate and the key belong together: one without the other is a mistake. */
  private static boolean isThere(Pair pair) throws IOException {
    boolean certificate = Files.exists(pair.certificate());
    boolean key = Files.exists(pair.key());
    if (certificate != key) {
      Path found = certificate ? pair.certificate() : pair.key();
      Path missing = certificate ? pair.key() : pair.certificate();
      throw new IOException(
          "%s is there, but %s is missing; bring it back, or delete the first"
              .formatted(found, missing.getFileName()));
    }
    return certificate;
  }

  /** The key first: a certificate without its key is of no use. */
  private Pair write(String name, CertifiedKey made) throws IOException {
    Pair pair = pair(name, true, List.of());
    KeyFiles.writeSecret(pair.key(), made.keyPem());
    KeyFiles.writePublic(pair.certificate(), made.chainPem());
    return pair;
  }

  private Pair pair(String name, boolean made, List<String> lacking) {
    return new Pair(path.resolve(name + ".crt"), path.resolve(name + ".key"), made, lacking);
  }

  private Path crl(String authority) {
    return path.resolve(authority + ".crl");
  }

  private Authority read(String name) throws IOException {
    Pair pair = pair(name, false, List.of());
    String key = Files.readString(pair.key());
    return read(pair.certificate(), certificates -> Authority.read(certificates, key));
  }

  private interface Reading<T> {
    T read(String text) throws IOException;
  }

  /** Failures name the file. */
  private static <T> T read(Path file, Reading<T> reading) throws IOException {
    String text = Files.readString(file);
    try {
      return reading.read(text);
    } catch (IOException bad) {
      throw new IOException(file + ": " + bad.getMessage(), bad);
    }
  }

  /**
   * What a revocation changed.
   *
   * @param list the file with the list, in DER
   * @param authority the name of the authority
   * @param count how many certificates the list names now
   */
  public record Revocation(Path list, String authority, int count) {}

  /**
   * Adds a certificate to its authority's list of revoked certificates: NAME.crl, with the
   * authority's name.
   *
   * @throws IOException with one line, if a file is bad, or no authority here issued the
   *     certificate
   */
  public Revocation revoke(Path file) throws IOException {
    X509Certificate certificate = read(file, Pem::certificates).getFirst();
    for (String name : List.of(CLIENT_CA, PEER_CA)) {
      Optional<Authority> authority =
          isThere(pair(name, false, List.of())) ? Optional.of(read(name)) : Optional.empty();
      if (authority.isPresent() && authority.get().issued(certificate)) {
        return revoke(name, authority.get(), certificate);
      }
    }
    throw new IOException(
        "no authority in " + path + " issued " + file + "; give the folder of its authority");
  }

  private Revocation revoke(String name, Authority authority, X509Certificate certificate)
      throws IOException {
    RevocationList before =
        Files.exists(crl(name))
            ? RevocationList.read(Files.readAllBytes(crl(name)))
            : authority.revokedNone(now);
    RevocationList after = authority.revoke(before, certificate, now);
    KeyFiles.writePublic(crl(name), after.der());
    return new Revocation(crl(name), name, after.size());
  }
}
