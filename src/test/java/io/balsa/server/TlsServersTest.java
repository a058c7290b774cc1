package io.balsa.server;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.host.FreePorts;
import io.balsa.logging.LogWatch;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.tls.ClientTls;
import io.balsa.tls.TestCertificates;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsListener;
import io.balsa.tls.TlsRules;
import io.balsa.tls.TlsSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose clients and peers speak TLS. */
@Timeout(120)
class TlsServersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HostPort ANY = new HostPort("127.0.0.1", 0, true);

  @TempDir private Path root;
  private final List<BalsaServer> servers = new ArrayList<>();

  @AfterEach
  void close() {
    servers.forEach(BalsaServer::close);
  }

  private BalsaServer start(ServerSettings settings) throws ServerFailure {
    BalsaServer server = BalsaServer.start(settings);
    servers.add(server);
    return server;
  }

  private static HostPort address(BalsaServer server) {
    return Loopback.address(server).secured(true);
  }

  private static void put(HostPort server, ClientTls tls) throws RequestFailed {
    PutRequest request = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
    EtcdClient client = EtcdClient.open(List.of(server), ClientSettings.DEFAULT.with(tls));
    try (EtcdCalls calls = new EtcdCalls(client, PATIENCE)) {
      EtcdCalls.await(calls.put(request));
    }
  }

  private static List<String> errors(HostPort server, ClientTls tls) throws RequestFailed {
    EtcdClient client = EtcdClient.open(List.of(server), ClientSettings.DEFAULT.with(tls));
    try (EtcdCalls calls = new EtcdCalls(client, PATIENCE)) {
      return EtcdCalls.await(calls.status()).getErrorsList();
    }
  }

  private static ClientTls tls(TlsFiles files) throws TlsFailure {
    return ClientTls.of(TlsSource.open(files, TlsListener.NONE), TlsRules.DEFAULT, null);
  }

  /** One port may be for peers, and its certificates are not good at the other, and the reverse. */
  @Test
  void aClusterWithAnAuthorityForClientsAndOneForPeers() throws Exception {
    TestCertificates clients = new TestCertificates(root.resolve("clients"));
    TestCertificates peers = new TestCertificates(root.resolve("peers"));
    Map<String, List<HostPort>> members = new TreeMap<>();
    for (int port : FreePorts.choose(3)) {
      members.put("m" + members.size(), List.of(new HostPort("127.0.0.1", port, true)));
    }
    for (Map.Entry<String, List<HostPort>> member : members.entrySet()) {
      String name = member.getKey();
      start(
          Loopback.alone(root.resolve(name))
              .name(name)
              .listenClients(List.of(ANY))
              .listenPeers(member.getValue())
              .initialCluster(members)
              .clientTls(TlsSettings.of(clients.files(clients.server(name, "127.0.0.1"))))
              .peerTls(TlsSettings.of(peers.files(peers.server(name, "127.0.0.1"))))
              .build());
    }

    BalsaServer first = servers.getFirst();
    until(() -> first.leader() != 0);
    put(address(first), tls(clients.files(clients.client("ann"))));
    until(() -> servers.stream().allMatch(each -> each.appliedIndex() == first.appliedIndex()));
    assertThat(first.tlsHealth()).containsOnlyKeys("clients", "peers");
    HostPort peerPort = members.values().iterator().next().getFirst();
    for (HostPort port : List.of(address(first), peerPort)) {
      TlsFiles wrong =
          port.equals(peerPort)
              ? clients.files(clients.client("ann")).withAuthorities(peers.authorityFile())
              : peers
                  .files(peers.server("m1", "127.0.0.1"))
                  .withAuthorities(clients.authorityFile());
      assertThatThrownBy(() -> put(port, tls(wrong))).isInstanceOf(RequestFailed.class);
    }
  }

  @Test
  void aServerMakesItsOwnCertificates() throws Exception {
    TlsSettings auto = new TlsSettings(TlsFiles.NONE, TlsRules.DEFAULT, true, 1, false);
    ServerSettingsBuilder settings =
        Loopback.alone(root.resolve("data"))
            .listenClients(List.of(ANY))
            .listenPeers(List.of(ANY))
            .clientTls(auto)
            .peerTls(auto);
    Path certificate = root.resolve("data/fixtures/client/cert.pem");

    BalsaServer server = start(settings.build());
    put(address(server), tls(TlsFiles.NONE.withAuthorities(certificate)));
    TlsSource nothing = TlsSource.open(TlsFiles.NONE, TlsListener.NONE);
    put(address(server), ClientTls.unverified(nothing, TlsRules.DEFAULT));
    assertThatThrownBy(() -> put(address(server), ClientTls.OF_SYSTEM))
        .isInstanceOf(RequestFailed.class);

    String before = Files.readString(certificate);
    assertThat(modeOf("data/fixtures/client/key.pem")).isEqualTo("rw-------");
    assertThat(modeOf("data/fixtures/peer/key.pem")).isEqualTo("rw-------");
    server.close();
    put(address(start(settings.build())), tls(TlsFiles.NONE.withAuthorities(certificate)));
    assertThat(Files.readString(certificate)).isEqualTo(before);
  }

  private String modeOf(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(file)));
  }

  @Test
  void theStatusTellsOfFilesThatCannotBeUsedAndOfAnEnd() throws Exception {
    TestCertificates certificates = new TestCertificates(root.resolve("c"));
    TlsFiles files = certificates.files(certificates.server("a", "127.0.0.1"));
    BalsaServer server =
        start(
            Loopback.alone(root.resolve("data"))
                .listenClients(List.of(ANY))
                .clientTls(TlsSettings.of(files))
                .build());
    ClientTls tls = tls(certificates.files(certificates.client("ann")));
    assertThat(errors(address(server), tls)).isEmpty();

    TestCertificates.write(Objects.requireNonNull(files.certificate()), "half a certific");
    until(() -> !errors(address(server), tls).isEmpty());
    assertThat(errors(address(server), tls))
        .singleElement()
        .asString()
        .startsWith("TLS for clients: " + files.certificate());
    Instant now = Instant.now();
    TestCertificates.replace(files, certificates.client("a", now, now.plus(Duration.ofDays(1))));
    until(() -> errors(address(server), tls).toString().contains(" the certificate ends at "));
    TestCertificates.replace(files, certificates.server("a", "127.0.0.1"));
    until(() -> errors(address(server), tls).isEmpty());
  }

  @Test
  void whatHasNoEffectAndWhatIsOpenIsTold() throws Exception {
    TestCertificates certificates = new TestCertificates(root.resolve("c"));
    TlsFiles files = certificates.files(certificates.server("a", "127.0.0.1"));
    HostPort everywhere = new HostPort("0.0.0.0", 0);
    ServerSettings settings =
        Loopback.alone(root.resolve("data"))
            .listenClients(List.of(everywhere))
            .clientTls(TlsSettings.of(files))
            .build();

    try (LogWatch log = new LogWatch("io.balsa.server")) {
      start(settings);
      assertThat(log.with("http://0.0.0.0:0 has no TLS")).hasSize(1);
      assertThat(log.with("beyond this machine without TLS")).hasSize(1);
    }
  }

  /** SEC-08: a group may read a key, other users may not. */
  @Test
  void sec08AKeyThatOthersCanReadIsTold() throws Exception {
    TestCertificates certificates = new TestCertificates(root.resolve("c"));
    TlsFiles files = certificates.files(certificates.server("a", "127.0.0.1"));
    ServerSettings settings =
        Loopback.alone(root.resolve("data"))
            .listenClients(List.of(ANY))
            .clientTls(TlsSettings.of(files))
            .build();
    for (String mode : List.of("rw-r-----", "rw-r--r--")) {
      Files.setPosixFilePermissions(
          Objects.requireNonNull(files.key()), PosixFilePermissions.fromString(mode));
      try (LogWatch log = new LogWatch("io.balsa.server")) {
        start(settings).close();
        assertThat(log.with("can read a private key")).hasSize(mode.endsWith("---") ? 0 : 1);
      }
    }
  }

  @Test
  void settingsThatDoNotFitAreRefused() throws Exception {
    TestCertificates certificates = new TestCertificates(root.resolve("c"));
    TlsFiles files = certificates.files(certificates.server("a", "127.0.0.1"));
    ServerSettingsBuilder settings = Loopback.alone(root.resolve("data"));

    assertThatThrownBy(() -> settings.listenClients(List.of(ANY)).build())
        .isInstanceOf(BadSettings.class)
        .hasMessage(
            "--listen-client-urls: https://127.0.0.1:0 needs a certificate; give --cert-file and"
                + " --key-file, or --auto-tls");
    assertThatThrownBy(
            () -> settings.clientTls(TlsSettings.of(files.withCertificate(null, null))).build())
        .isInstanceOf(BadSettings.class);
    assertThatThrownBy(
            () ->
                settings
                    .clientTls(TlsSettings.of(files.withCertificate(files.certificate(), null)))
                    .build())
        .hasMessage("--cert-file: give --key-file too");
    Path nowhere = root.resolve("nowhere.pem");
    ServerSettings missing =
        settings.clientTls(TlsSettings.of(files.withRevocations(nowhere))).build();
    assertThatThrownBy(() -> BalsaServer.check(missing))
        .isInstanceOf(BadSettings.class)
        .hasMessage(nowhere + ": there is no such file");
  }

  @Test
  void demandsThatNobodyMustFulfilAreRefused() throws Exception {
    TestCertificates certificates = new TestCertificates(root.resolve("c"));
    TlsFiles files = certificates.files(certificates.server("a", "127.0.0.1"));
    TlsRules demanding = TlsRules.DEFAULT.demandingClients(true);
    TlsRules allowing = TlsRules.DEFAULT.allowing(List.of(), List.of("c.example"));
    TlsFiles revoked = TlsFiles.NONE.withRevocations(certificates.revokedFile());
    ServerSettingsBuilder settings = Loopback.alone(root.resolve("data"));

    assertThatThrownBy(() -> settings.clientTls(auto(TlsFiles.NONE, demanding)).build())
        .isInstanceOf(BadSettings.class)
        .hasMessage(
            "--auto-tls: nobody would be checked, so leave out --client-cert-auth, or give"
                + " --cert-file and --key-file");
    assertThatThrownBy(() -> settings.clientTls(auto(revoked, allowing)).build())
        .hasMessageContaining("leave out --client-crl-file, --client-cert-allowed-hostname, or");
    settings.clientTls(TlsSettings.NONE);
    assertThatThrownBy(
            () -> settings.peerTls(auto(certificates.onlyTrust(), TlsRules.DEFAULT)).build())
        .hasMessageStartingWith(
            "--peer-auto-tls: nobody would be checked, so leave out --peer-trusted-ca-file, or");
    TlsFiles untrusting = files.withAuthorities(null).withRevocations(certificates.revokedFile());
    assertThatThrownBy(() -> settings.peerTls(TlsSettings.of(untrusting)).build())
        .hasMessage("--peer-crl-file: nobody would be checked; give --peer-trusted-ca-file too");
  }

  private static TlsSettings auto(TlsFiles files, TlsRules rules) {
    return new TlsSettings(files, rules, true, 1, false);
  }
}
