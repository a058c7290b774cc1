package io.balsa.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.balsa.budget.AnswerBudget;
import io.balsa.bytes.HostPort;
import io.balsa.certs.CertifiedKey;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.rpc.Channels;
import io.balsa.tls.ClientCertificate;
import io.balsa.tls.ClientTls;
import io.balsa.tls.ServerTls;
import io.balsa.tls.TestCertificates;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsListener;
import io.balsa.tls.TlsRules;
import io.balsa.tls.TlsSource;
import io.balsa.tls.TlsVersion;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A port with TLS that serves gRPC and HTTP/1.1. */
class TlsPortTest {
  private static final String HOST = "127.0.0.1";

  @TempDir private Path folder;
  private final EventLoopGroup loops = Channels.eventLoops(1, "test");
  private final ClientFaults faults = new ClientFaults();
  private final List<String> names = new CopyOnWriteArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<FrontServer> fronts = new ArrayList<>();
  private final List<AutoCloseable> sources = new ArrayList<>();
  private TestCertificates certificates;
  private TestCertificates strangers;
  private TlsFiles own;

  @BeforeEach
  void makeFiles() {
    certificates = new TestCertificates(folder.resolve("a"));
    strangers = new TestCertificates(folder.resolve("b"));
    own =
        certificates
            .files(certificates.server("server", HOST))
            .withRevocations(certificates.revokedFile());
  }

  @AfterEach
  void stop() throws Exception {
    channels.forEach(ManagedChannel::shutdownNow);
    fronts.forEach(front -> front.stop(Duration.ZERO));
    for (AutoCloseable source : sources) {
      source.close();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final ServerInterceptor noteName =
      new ServerInterceptor() {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
          names.add(String.valueOf(ClientCertificate.nameOf(call)));
          return next.startCall(call, headers);
        }
      };

  private int open(ServerTls tls, FrontPort.Place... more) throws FrontFailure {
    ServerServiceDefinition kv = ServerInterceptors.intercept(new TinyKv(), noteName);
    JsonGateway gateway = new JsonGateway(List.of(kv), List.of());
    List<FrontPort.Place> places = new ArrayList<>();
    places.add(new FrontPort.Place(anyPort(), tls));
    places.addAll(List.of(more));
    FrontServer front =
        FrontServer.start(
            List.of(
                new FrontPort(
                    places, List.of(kv), new HttpRoutes().with(JsonGateway.PATH, gateway))),
            List.of(),
            FrontLimits.DEFAULT,
            AnswerBudget.ofProcess(),
            faults);
    fronts.add(front);
    return front.addresses().getFirst().getPort();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private TlsSource source(TlsFiles files) throws TlsFailure {
    TlsSource source = TlsSource.open(files, TlsListener.NONE);
    sources.add(source);
    return source;
  }

  private ServerTls demanding() throws TlsFailure {
    return ServerTls.of(source(own), TlsRules.DEFAULT.demandingClients(true));
  }

  private KVGrpc.KVBlockingStub kv(int port, TlsFiles files) throws TlsFailure {
    ClientTls tls = ClientTls.of(source(files), TlsRules.DEFAULT, null);
    ManagedChannel channel = Channels.to(new HostPort(HOST, port, true), loops, tls).build();
    channels.add(channel);
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(Duration.ofSeconds(10));
  }

  private TlsFiles client(CertifiedKey leaf) {
    return certificates.files(leaf);
  }

  private static void put(KVGrpc.KVBlockingStub kv) {
    var _ = kv.put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build());
  }

  private static void refused(KVGrpc.KVBlockingStub kv) {
    assertThatThrownBy(() -> put(kv))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            // a call that is sent while its connection is being closed has another code
            e ->
                assertThat(e.getStatus().getCode())
                    .isIn(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN));
  }

  @Test
  void grpcAndHttpShareThePort() throws Exception {
    int port = open(demanding());
    CertifiedKey ann = certificates.client("ann");

    put(kv(port, client(ann)));
    String json = "{\"key\": \"aw==\"}";
    for (List<String> protocols :
        List.of(List.of("http/1.1"), List.of("h2", "http/1.1"), List.<String>of())) {
      try (SSLSocket socket = socket(port, ann, "TLSv1.3")) {
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        socket.setSSLParameters(parameters);
        socket
            .getOutputStream()
            .write(
                ("POST /v3/kv/put HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: "
                        + json.length()
                        + "\r\n\r\n"
                        + json)
                    .getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
            .startsWith("HTTP/1.1 200 OK");
      }
    }

    // a call of the gateway has no name of a user
    assertThat(names).containsExactly("ann", "null", "null", "null");
  }

  private static SSLSocket socket(int port, CertifiedKey client, String version) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "k", client.key(), new char[0], client.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), new TrustManager[] {new Blind()}, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(HOST, port);
    socket.setSoTimeout(10_000);
    socket.setEnabledProtocols(new String[] {version});
    return socket;
  }

  @Test
  void everyWrongCertificateIsRefused() throws Exception {
    int port = open(demanding());
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    CertifiedKey revoked = certificates.client("ann");
    certificates.revoke(revoked);
    sources.forEach(source -> ((TlsSource) source).look());

    refused(kv(port, certificates.onlyTrust()));
    refused(kv(port, trusting(strangers.files(strangers.client("ann")))));
    refused(kv(port, client(TestCertificates.selfSigned("ann"))));
    refused(kv(port, client(certificates.client("ann", now.minus(day), now.minusSeconds(5)))));
    refused(kv(port, client(certificates.client("ann", now.plus(day), now.plus(day).plus(day)))));
    refused(kv(port, client(revoked)));
    put(kv(port, client(certificates.client("bob"))));

    assertThat(names).containsExactly("bob");
    assertThat(faults.count(ClientFaults.Kind.FAILED_HANDSHAKE)).isGreaterThanOrEqualTo(6);
  }

  /** The client trusts the right server, but shows what another authority issued. */
  private TlsFiles trusting(TlsFiles files) {
    return files.withAuthorities(certificates.authorityFile());
  }

  @Test
  void aServerWithAWrongCertificateIsRefused() throws Exception {
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    List<CertifiedKey> wrong =
        List.of(
            strangers.server("server", HOST),
            certificates.server("server", "127.0.0.2", "localhost"),
            certificates.server(HOST),
            certificates.client("server", now.minus(day), now.minusSeconds(5)),
            certificates.client("server", now.plus(day), now.plus(day).plus(day)),
            TestCertificates.selfSigned("server"));
    for (CertifiedKey each : wrong) {
      int port = open(ServerTls.of(source(certificates.files(each)), TlsRules.DEFAULT));
      refused(kv(port, certificates.onlyTrust()));
    }
    assertThat(names).isEmpty();
  }

  /** Java would take a common name for a host. */
  @Test
  void aCommonNameIsNoHost() throws Exception {
    for (CertifiedKey each :
        List.of(certificates.server("localhost"), certificates.server("localhost", HOST))) {
      int port = open(ServerTls.of(source(certificates.files(each)), TlsRules.DEFAULT));
      ClientTls tls = ClientTls.of(source(certificates.onlyTrust()), TlsRules.DEFAULT, "localhost");
      ManagedChannel channel = Channels.to(new HostPort(HOST, port, true), loops, tls).build();
      channels.add(channel);

      String why =
          each.certificate().getSubjectAlternativeNames() == null ? "names no" : "not name";
      assertThatThrownBy(() -> put(KVGrpc.newBlockingStub(channel)))
          .hasStackTraceContaining(why + " ");
    }
  }

  @Test
  void allowedHostsAndNamesDecide() throws Exception {
    TlsRules hosts =
        TlsRules.DEFAULT.demandingClients(true).allowing(List.of(), List.of("c.example"));
    TlsRules common = TlsRules.DEFAULT.demandingClients(true).allowing(List.of("c"), List.of());
    int port = open(ServerTls.of(source(own), hosts));
    int other = open(ServerTls.of(source(own), common));

    put(kv(port, client(certificates.server("c", "*.example"))));
    refused(kv(port, client(certificates.server("c", "d.example"))));
    refused(kv(port, client(certificates.client("c.example"))));
    put(kv(other, client(certificates.client("c"))));
    refused(kv(other, client(certificates.client("d"))));
    refused(kv(other, client(certificates.client(""))));
  }

  @Test
  void plainTextIsClosedAtOnceAndCounted() throws Exception {
    int port = open(demanding());

    for (String text :
        List.of("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write(text.getBytes(UTF_8));
        assertThat(read(socket)).doesNotContain("HTTP/1.1 ");
      }
    }
    assertThat(faults.count(ClientFaults.Kind.FAILED_HANDSHAKE)).isEqualTo(2);
  }

  private static String read(Socket socket) {
    try {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void someAddressesMayHaveNoTls() throws Exception {
    open(
        demanding(), FrontPort.Place.plain(anyPort()), new FrontPort.Place(anyPort(), demanding()));
    List<InetSocketAddress> addresses = fronts.getFirst().addresses();
    HostPort plain = new HostPort(HOST, addresses.get(1).getPort());
    ManagedChannel channel = Channels.to(plain, loops, ClientTls.OF_SYSTEM).build();
    channels.add(channel);

    put(KVGrpc.newBlockingStub(channel));
    put(kv(addresses.get(0).getPort(), client(certificates.client("ann"))));
    put(kv(addresses.get(2).getPort(), client(certificates.client("bob"))));

    assertThat(names).containsExactly("null", "ann", "bob");
  }

  @Test
  void sec15OldVersionsAndRenegotiationAreRefused() throws Exception {
    int port = open(demanding());
    CertifiedKey ann = certificates.client("ann");

    try (SSLSocket socket = socket(port, ann, "TLSv1.2")) {
      socket.startHandshake();
      assertThat(socket.getSession().getCipherSuite()).contains("_GCM_");
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
                var _ = socket.getInputStream().read();
              })
          .isInstanceOf(IOException.class);
    }
    int newest =
        open(
            ServerTls.of(
                source(own),
                TlsRules.DEFAULT.speaking(TlsVersion.TLS_1_3, TlsVersion.TLS_1_3, List.of())));
    try (SSLSocket socket = socket(newest, ann, "TLSv1.2")) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
    }
  }

  @Test
  void newFilesDisturbNobodyWhoIsStillTrusted() throws Exception {
    ServerTls tls = demanding();
    int port = open(tls);
    CertifiedKey ann = certificates.client("ann");
    KVGrpc.KVBlockingStub valid = kv(port, client(certificates.client("bob")));
    KVGrpc.KVBlockingStub leaving = kv(port, client(ann));
    put(valid);
    put(leaving);
    ManagedChannel before = (ManagedChannel) leaving.getChannel();

    TestCertificates.replace(own, certificates.server("newer", HOST));
    tls.source().look();
    put(valid);
    put(leaving); // its certificate is as good as before
    certificates.revoke(ann);
    tls.source().look();
    refused(leaving);
    put(valid);

    assertThat(before.getState(false).toString()).isNotEqualTo("READY");
    assertThat(tls.source().health().reloads()).isEqualTo(2);
  }

  @Test
  void aClientOfAnAuthorityThatIsTrustedNoMoreIsClosed() throws Exception {
    ServerTls tls = demanding();
    int port = open(tls);
    KVGrpc.KVBlockingStub old = kv(port, client(certificates.client("ann")));
    put(old);

    TestCertificates.write(
        certificates.authorityFile(), Files.readString(strangers.authorityFile()));
    tls.source().look();

    refused(old);
    TlsFiles next = strangers.files(strangers.client("ann"));
    refused(kv(port, next)); // this client does not know the server's own certificate
  }
}
