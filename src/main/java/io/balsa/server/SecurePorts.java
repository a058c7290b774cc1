package io.balsa.server;

import io.balsa.bytes.HostPort;
import io.balsa.front.TlsLog;
import io.balsa.host.PeerTls;
import io.balsa.logging.LogEvent;
import io.balsa.tls.ClientTls;
import io.balsa.tls.ServerTls;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsHealth;
import io.balsa.tls.TlsSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The TLS of one server: its files are watched while the server runs. */
final class SecurePorts implements AutoCloseable {
  private static final LogEvent IDLE =
      LogEvent.warn(
          "io.balsa.server",
          "settings for TLS have no effect at an address",
          "say https:// or unixs:// in the URL, or leave the settings out");

  private static final LogEvent OPEN =
      LogEvent.warn(
          "io.balsa.server",
          "the server listens beyond this machine without TLS",
          "others on the network can read the data; see --cert-file and --peer-cert-file");

  private final @Nullable ServerTls clients;
  private final @Nullable PeerTls peers;

  private SecurePorts(@Nullable ServerTls clients, @Nullable PeerTls peers) {
    this.clients = clients;
    this.peers = peers;
  }

  /**
   * Reads the files, and makes certificates if that is asked for.
   *
   * @param directory where certificates are kept that are made here
   * @throws BadSettings when a file cannot be used
   */
  static SecurePorts open(ServerSettings settings, Path directory) throws IOException {
    warn(settings);
    ExposedKeys.warn(ExposedKeys.of(settings));
    ServerTls clients = null;
    try {
      TlsSettings tls = settings.clientTls();
      if (tls.isOn()) {
        TlsSettings made =
            OwnCertificate.in(tls, directory.resolve("client"), settings.allForClients());
        clients = ServerTls.of(TlsSource.open(made.files(), new TlsLog("clients")), made.rules());
      }
      return new SecurePorts(clients, peers(settings, directory));
    } catch (TlsFailure e) {
      if (clients != null) {
        clients.source().close();
      }
      throw new BadSettings(e.line());
    }
  }

  private static @Nullable PeerTls peers(ServerSettings settings, Path directory)
      throws IOException, TlsFailure {
    TlsSettings tls = settings.peerTls();
    if (!tls.isOn()) {
      return null;
    }
    boolean own = !tls.files().hasCertificate();
    TlsSettings made = OwnCertificate.in(tls, directory.resolve("peer"), settings.listenPeers());
    TlsSource source = TlsSource.open(made.files(), new TlsLog("peers"));
    ClientTls opened =
        own ? ClientTls.unverified(source, made.rules()) : ClientTls.of(source, made.rules(), null);
    boolean demandsHosts =
        made.rules().demandsClients()
            && !made.skipsHosts()
            && made.rules().allowedNames().isEmpty()
            && made.rules().allowedHosts().isEmpty();
    return new PeerTls(ServerTls.of(source, made.rules()), opened, demandsHosts);
  }

  private static void warn(ServerSettings settings) {
    TlsRulesCheck.idle(
            settings.clientTls(),
            settings.peerTls(),
            settings.allForClients(),
            settings.listenPeers())
        .forEach(line -> IDLE.log("settings", line));
    List<String> open = new ArrayList<>();
    List<HostPort> all = new ArrayList<>(settings.allForClients());
    all.addAll(settings.listenPeers());
    for (HostPort address : all) {
      if (!address.isSecure() && !address.isUnixSocket() && !isLocal(address.host())) {
        open.add(address.url());
      }
    }
    if (!open.isEmpty()) {
      OPEN.log("addresses", open);
    }
  }

  private static boolean isLocal(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }

  /** For the addresses for clients that say so; null for none. */
  @Nullable ServerTls clients() {
    return clients;
  }

  @Nullable PeerTls peers() {
    return peers;
  }

  /** The files by what they are for. */
  Map<String, TlsSource> sources() {
    Map<String, TlsSource> sources = new LinkedHashMap<>();
    if (clients != null) {
      sources.put("clients", clients.source());
    }
    if (peers != null) {
      sources.put("peers", peers.accepted().source());
    }
    return sources;
  }

  Map<String, TlsHealth> health() {
    Map<String, TlsHealth> health = new LinkedHashMap<>();
    sources().forEach((use, source) -> health.put(use, source.health()));
    return health;
  }

  /** A line for each trouble, such as a certificate that ends soon; empty when all is well. */
  List<String> troubles() {
    List<String> lines = new ArrayList<>();
    health()
        .forEach(
            (use, each) ->
                each.troubles().forEach(line -> lines.add("TLS for " + use + ": " + line)));
    return lines;
  }

  @Override
  public void close() {
    sources().values().forEach(TlsSource::close);
  }
}
