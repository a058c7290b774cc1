package io.balsa.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.certs.CertifiedKey;
import io.balsa.tls.ClientTls;
import io.balsa.tls.ServerTls;
import io.balsa.tls.TestCertificates;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsListener;
import io.balsa.tls.TlsRules;
import io.balsa.tls.TlsSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Links between servers that prove to each other who they are. */
@Timeout(60)
class PeerTlsTest {
  private static final String HOST = "127.0.0.1";
  private static final HostPort ANY_PORT = new HostPort(HOST, 0, true);

  @TempDir private Path folder;
  private final List<GrpcNetwork> opened = new ArrayList<>();
  private final List<TlsSource> sources = new ArrayList<>();
  private final RecordedLinks accepted = new RecordedLinks(true);
  private final RecordedLinks connected = new RecordedLinks();
  private TestCertificates certificates;
  private TestCertificates strangers;
  private TlsFiles own;

  @BeforeEach
  void makeFiles() {
    certificates = new TestCertificates(folder.resolve("peers"));
    strangers = new TestCertificates(folder.resolve("clients"));
    own =
        certificates
            .files(certificates.server("m1", HOST))
            .withRevocations(certificates.revokedFile());
  }

  @AfterEach
  void close() {
    opened.forEach(GrpcNetwork::close);
    sources.forEach(TlsSource::close);
  }

  private GrpcNetwork network(TlsFiles files, TlsRules rules) throws TlsFailure {
    TlsSource source = TlsSource.open(files, TlsListener.NONE);
    sources.add(source);
    PeerTls tls = new PeerTls(ServerTls.of(source, rules), ClientTls.of(source, rules, null), true);
    GrpcNetwork network = new GrpcNetwork(List.of(ANY_PORT), tls);
    opened.add(network);
    return network;
  }

  private GrpcNetwork listening() throws TlsFailure {
    return listening(TlsRules.DEFAULT);
  }

  private GrpcNetwork listening(TlsRules rules) throws TlsFailure {
    GrpcNetwork network = network(own, rules.demandingClients(true));
    network.listen(accepted);
    return network;
  }

  private Link connect(GrpcNetwork to, CertifiedKey leaf) throws TlsFailure {
    TlsFiles files = certificates.files(leaf);
    return network(files, TlsRules.DEFAULT).connect("https://" + HOST + ":" + to.port(), connected);
  }

  @Test
  void membersProveTheirHost() throws Exception {
    GrpcNetwork server = listening();
    Link link = connect(server, certificates.server("m2", HOST, "m2.example"));
    assertThat(connected.nextOpened()).isSameAs(link);
    link.send(Bytes.utf8("there"));
    Link back = accepted.nextOpened();

    assertThat(accepted.nextFrame()).isEqualTo(Bytes.utf8("there"));
    assertThat(back.unproved(List.of("m2.example"))).isNull();
    assertThat(back.unproved(List.of("elsewhere", HOST))).isNull();
    assertThat(back.unproved(List.of("m3.example")))
        .isEqualTo("the certificate names m2.example, 127.0.0.1 and not m3.example");
  }

  @Test
  void sec17NobodyElseGetsIn() throws Exception {
    GrpcNetwork server = listening();
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    CertifiedKey revoked = certificates.server("m2", HOST);
    certificates.revoke(revoked);
    sources.getFirst().look();

    connect(server, strangers.server("m2", HOST));
    assertThat(connected.nextClosed()).isNotEmpty();
    connect(server, strangers.client("m2"));
    assertThat(connected.nextClosed()).isNotEmpty();
    connect(server, TestCertificates.selfSigned("m2"));
    assertThat(connected.nextClosed()).isNotEmpty();
    connect(server, certificates.client("m2", now.minus(day), now.minusSeconds(5)));
    assertThat(connected.nextClosed()).isNotEmpty();
    connect(server, certificates.client("m2", now.plus(day), now.plus(day).plus(day)));
    assertThat(connected.nextClosed()).isNotEmpty();
    connect(server, revoked);
    assertThat(connected.nextClosed()).isNotEmpty();
    GrpcNetwork plain = new GrpcNetwork(List.of(new HostPort(HOST, 0)));
    opened.add(plain);
    plain.connect("http://" + HOST + ":" + server.port(), connected);
    assertThat(connected.nextClosed()).isNotEmpty();

    assertThat(accepted.openings()).isZero();
  }

  /** With the peers' authority a client's certificate opens a connection, but it names no host. */
  @Test
  void aClientOfTheSameAuthorityIsNoMember() throws Exception {
    GrpcNetwork server = listening();
    connect(server, certificates.client("root"));

    assertThat(accepted.nextOpened().unproved(List.of(HOST)))
        .isEqualTo("the certificate names no host and not 127.0.0.1");
  }

  @Test
  void aServerAtTheWrongHostIsNotBelieved() throws Exception {
    own = certificates.files(certificates.server("m1", "localhost"));
    GrpcNetwork server = listening();

    connect(server, certificates.server("m2", HOST));

    assertThat(connected.nextClosed()).contains("127.0.0.1");
    assertThat(accepted.openings()).isZero();
  }

  @Test
  void allowedNamesAreAskedFor() throws Exception {
    GrpcNetwork server = listening(TlsRules.DEFAULT.allowing(List.of("member"), List.of()));

    connect(server, certificates.server("other", HOST));
    assertThat(connected.nextClosed()).isNotEmpty();
    Link link = connect(server, certificates.server("member", HOST));
    assertThat(connected.nextOpened()).isSameAs(link);
  }

  @Test
  void linksOfARevokedMemberAreClosed() throws Exception {
    GrpcNetwork server = listening();
    CertifiedKey leaf = certificates.server("m2", HOST);
    connect(server, leaf);
    var _ = accepted.nextOpened();

    certificates.revoke(leaf);
    sources.getFirst().look();

    assertThat(accepted.nextClosed()).isNotEmpty();
  }

  @Test
  void linksToARevokedServerAreClosed() throws Exception {
    CertifiedKey leaf = certificates.server("m1", HOST);
    own = certificates.files(leaf);
    GrpcNetwork server = listening();
    TlsFiles files =
        certificates
            .files(certificates.server("m2", HOST))
            .withRevocations(certificates.revokedFile());
    GrpcNetwork client = network(files, TlsRules.DEFAULT);
    client.connect("https://" + HOST + ":" + server.port(), connected);
    var _ = connected.nextOpened();

    certificates.revoke(leaf);
    sources.getLast().look();

    assertThat(connected.nextClosed()).isNotEmpty();
  }
}
