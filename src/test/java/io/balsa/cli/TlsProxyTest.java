package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.house.SharesCores;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proxy.Proxy;
import io.balsa.proxy.ProxyConfig;
import io.balsa.routing.ReadPolicy;
import io.balsa.server.BalsaServer;
import io.balsa.server.ServerSettings;
import io.balsa.server.TlsSettings;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server and a proxy that both speak TLS, and commands that use them. */
@SharesCores
@Timeout(60)
class TlsProxyTest {
  private static final String HOST = "127.0.0.1";
  private static final HostPort ANY = new HostPort(HOST, 0, true);

  @TempDir private Path root;
  private TestCertificates certificates;
  private TlsFiles ofServer;
  private BalsaServer server;
  private Proxy proxy;

  @BeforeEach
  void start() throws Exception {
    certificates = new TestCertificates(root.resolve("c"));
    ofServer = certificates.files(certificates.server("server", HOST));
    server =
        BalsaServer.start(
            ServerSettings.builder()
                .dataDirectory(root.resolve("data"))
                .listenClients(List.of(ANY))
                .listenPeers(List.of(ANY.secured(false)))
                .clientTls(TlsSettings.of(ofServer))
                .build());
    TlsFiles own = certificates.files(certificates.server("proxy", HOST));
    ServerTls forClients =
        ServerTls.of(
            TlsSource.open(own, TlsListener.NONE), TlsRules.DEFAULT.demandingClients(true));
    proxy =
        Proxy.start(
            new ProxyConfig(
                List.of(address(server.clientAddress().getPort())),
                ANY,
                List.of(),
                ReadPolicy.KEY,
                0,
                100,
                forClients,
                tls(own)));
    until(proxy::serves);
  }

  @AfterEach
  void stop() {
    proxy.stop();
    server.close();
  }

  private static HostPort address(int port) {
    return new HostPort(HOST, port, true);
  }

  private HostPort ofProxy() {
    return address(proxy.addresses().getFirst().getPort());
  }

  private static ClientTls tls(TlsFiles files) throws TlsFailure {
    return ClientTls.of(TlsSource.open(files, TlsListener.NONE), TlsRules.DEFAULT, null);
  }

  private void put(HostPort to, TlsFiles files) throws Exception {
    PutRequest request = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
    EtcdClient client = EtcdClient.open(List.of(to), ClientSettings.DEFAULT.with(tls(files)));
    try (EtcdCalls calls = new EtcdCalls(client, Duration.ofSeconds(5))) {
      EtcdCalls.await(calls.put(request));
    }
  }

  @Test
  void requestsPassTheProxyFromTlsToTls() throws Exception {
    put(ofProxy(), certificates.files(certificates.client("ann")));

    assertThatThrownBy(() -> put(ofProxy(), certificates.onlyTrust()))
        .isInstanceOf(RequestFailed.class);
  }

  /** SEC-10: each connection to a server is checked, also to one that was right before. */
  @Test
  void sec10AServerWhoseCertificateIsExchangedIsNotBelieved() throws Exception {
    TestCertificates others = new TestCertificates(root.resolve("others"));
    TlsFiles client = certificates.files(certificates.client("ann"));
    BalsaServer before = server;
    int port = before.clientAddress().getPort();
    before.close();
    TestCertificates.replace(ofServer, others.server("server", HOST));
    server =
        BalsaServer.start(
            ServerSettings.builder()
                .dataDirectory(root.resolve("data"))
                .listenClients(List.of(address(port)))
                .listenPeers(List.of(ANY.secured(false)))
                .clientTls(TlsSettings.of(ofServer))
                .build());

    until(() -> !proxy.serves());
    assertThatThrownBy(() -> put(ofProxy(), client)).isInstanceOf(RequestFailed.class);
    TestCertificates.replace(ofServer, certificates.server("server", HOST));
    until(proxy::serves); // the server reads the files, and the proxy connects again
    put(ofProxy(), client);
  }

  @Test
  void commandsSpeakTlsByEtcdctlsRules() throws Exception {
    String endpoint = HOST + ":" + ofProxy().port();
    TlsFiles ann = certificates.files(certificates.client("ann"));
    List<String> options =
        List.of(
            "--cacert=" + ann.authorities(),
            "--cert=" + ann.certificate(),
            "--key=" + Objects.requireNonNull(ann.key()),
            "--command-timeout=3s");
    for (String each : List.of(endpoint, "https://" + endpoint)) {
      CommandRun run = run(options, "put", "a", "b", "--endpoints=" + each);
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("OK\n");
    }
    assertThat(run(options, "get", "a", "--endpoints=http://" + endpoint).exitCode()).isNotZero();
    List<String> unverified =
        List.of(options.get(1), options.get(2), "--insecure-skip-tls-verify", options.get(3));
    assertThat(run(unverified, "get", "a", "--endpoints=" + endpoint).out()).isEqualTo("a\nb\n");
    List<String> untrusting = List.of(options.get(1), options.get(2), options.get(3));
    CommandRun untrusted = run(untrusting, "get", "a", "--endpoints=" + endpoint);
    assertThat(untrusted.exitCode()).isNotZero();
    assertThat(untrusted.err()).startsWith("balsa get: TLS to " + endpoint + " failed (");
  }

  @Test
  void aProxyThatWouldServeInTheClearIsRefused() {
    TlsFiles files = certificates.files(certificates.server("proxy", HOST));
    String trusted = "--trusted-ca-file=" + files.authorities();
    String cert = "--cert-file=" + files.certificate();
    String key = "--key-file=" + Objects.requireNonNull(files.key());
    String clear = "--listen-addr=http://127.0.0.1:1";
    for (List<String> options :
        List.of(
            List.of(trusted),
            List.of("--client-cert-auth"),
            List.of(cert, key, clear),
            List.of(cert, key, trusted, clear))) {
      CommandRun run = run(options, "proxy");
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).containsOnlyOnce("\n").contains("--listen-addr: http://127.0.0.1:");
      assertThat(run.err()).contains(" has no TLS, but " + options.getFirst().split("=")[0]);
    }
    assertThat(run(List.of("--client-crl-file=" + certificates.revokedFile()), "proxy").err())
        .contains("nobody would be checked; give --trusted-ca-file too");
  }

  private static CommandRun run(List<String> options, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(options);
    return CommandRun.of(all.toArray(String[]::new));
  }
}
