package io.balsa.cli;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.PutRequest;
import io.balsa.proto.etcdserverpb.RangeRequest;
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
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates, authorities and lists of revoked certificates are replaced at a server and a proxy
 * while clients ask 2,000 times a second, watch and renew leases. The clients of gRPC repeat
 * nothing by themselves.
 */
@Timeout(120)
class CertificatesChangeUnderLoadTest {
  private static final String HOST = "127.0.0.1";
  private static final HostPort ANY = new HostPort(HOST, 0, true);
  private static final int ROUNDS = 3;
  private static final int LASTING = 8;
  private static final long BETWEEN_CALLS_MICROS = 500;
  private static final long BETWEEN_CONNECTIONS_MILLIS = 100;
  private static final int OPEN_CALLS_MAX = 100;
  private static final int CALLS_PER_ROUND = 1_000;
  private static final Duration OUT_WITHIN = Duration.ofSeconds(5);
  private static final ByteString KEY = ByteString.copyFromUtf8("k");

  @TempDir private Path root;
  private TestCertificates lasting;
  private TlsFiles client;
  private Replaceable ofServer;
  private Replaceable ofProxy;
  private BalsaServer server;
  private Proxy proxy;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  /** The files of a server or of a proxy, and a source that shows when they have been read. */
  private record Replaceable(TlsFiles files, TlsSource source) {
    static Replaceable of(TestCertificates lasting, Path bundle, String name) throws TlsFailure {
      TlsFiles files =
          lasting
              .files(lasting.server(name, HOST))
              .withAuthorities(bundle)
              .withRevocations(lasting.revokedFile());
      return new Replaceable(files, TlsSource.open(files, TlsListener.NONE));
    }

    void trust(String bundle) throws Exception {
      long before = source.health().reloads();
      TestCertificates.write(Objects.requireNonNull(files.authorities()), bundle);
      until(() -> source.health().reloads() > before);
    }
  }

  @BeforeEach
  void start() throws Exception {
    lasting = new TestCertificates(root.resolve("lasting"));
    String bundle = Files.readString(lasting.authorityFile());
    for (String name : List.of("server.bundle", "proxy.bundle", "client.bundle")) {
      TestCertificates.write(root.resolve(name), bundle);
    }
    ofServer = Replaceable.of(lasting, root.resolve("server.bundle"), "server");
    ofProxy = Replaceable.of(lasting, root.resolve("proxy.bundle"), "proxy");
    client = lasting.files(lasting.client("ann")).withAuthorities(root.resolve("client.bundle"));
    TlsRules demanding = TlsRules.DEFAULT.demandingClients(true);
    server =
        BalsaServer.start(
            ServerSettings.builder()
                .dataDirectory(root.resolve("data"))
                .listenClients(List.of(ANY))
                .listenPeers(List.of(ANY.secured(false)))
                .clientTls(new TlsSettings(ofServer.files(), demanding, false, 1, false))
                .build());
    proxy =
        Proxy.start(
            new ProxyConfig(
                List.of(new HostPort(HOST, server.clientAddress().getPort(), true)),
                ANY,
                List.of(),
                ReadPolicy.KEY,
                0,
                1_000,
                ServerTls.of(ofProxy.source(), demanding),
                ClientTls.of(ofProxy.source(), TlsRules.DEFAULT, null)));
    until(proxy::serves);
  }

  @AfterEach
  void stop() throws InterruptedException {
    timer.shutdownNow();
    var _ = timer.awaitTermination(10, TimeUnit.SECONDS);
    channels.forEach(ManagedChannel::shutdownNow);
    proxy.stop();
    server.close();
    ofServer.source().close();
  }

  /** To the server for even numbers, to the proxy for odd ones. */
  private ManagedChannel connect(int number, TlsFiles files) throws TlsFailure {
    int port =
        number % 2 == 0 ? server.clientAddress().getPort() : proxy.addresses().getFirst().getPort();
    try (TlsSource source = TlsSource.open(files, TlsListener.NONE)) { // of this moment
      ClientTls tls = ClientTls.of(source, TlsRules.DEFAULT, null);
      return NettyChannelBuilder.forAddress(HOST, port, tls.credentials()).build();
    }
  }

  /** One call in four is a put. */
  private void call(ManagedChannel channel, int number) {
    var stub = KVGrpc.newFutureStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    if (number % 4 == 0) {
      count(stub.put(PutRequest.newBuilder().setKey(KEY).build()), "a put by " + channel);
    } else {
      count(stub.range(RangeRequest.newBuilder().setKey(KEY).build()), "a read by " + channel);
    }
  }

  private <A> void count(ListenableFuture<A> call, String what) {
    open.incrementAndGet();
    call.addListener(open::decrementAndGet, MoreExecutors.directExecutor());
    Futures.addCallback(
        call,
        new FutureCallback<A>() {
          @Override
          public void onSuccess(@Nullable A answer) {
            answered.incrementAndGet();
          }

          @Override
          public void onFailure(Throwable e) {
            failures.add(what + ": " + e);
          }
        },
        MoreExecutors.directExecutor());
  }

  private void load() throws TlsFailure {
    List<ManagedChannel> lastingOnes = new ArrayList<>();
    for (int i = 0; i < LASTING; i++) {
      lastingOnes.add(connect(i, client));
    }
    channels.addAll(lastingOnes);
    AtomicInteger calls = new AtomicInteger();
    var _ =
        timer.scheduleAtFixedRate(
            () -> {
              if (open.get() < OPEN_CALLS_MAX) { // a slow machine asks less often
                int number = calls.getAndIncrement();
                call(lastingOnes.get(number % LASTING), number / LASTING);
              }
            },
            0,
            BETWEEN_CALLS_MICROS,
            TimeUnit.MICROSECONDS);
    var _ =
        timer.scheduleWithFixedDelay(
            this::callOnce, 0, BETWEEN_CONNECTIONS_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** With a connection for this call alone. */
  private void callOnce() {
    try {
      ManagedChannel channel = connect(answered.get(), client);
      call(channel, 1);
      channel.shutdown(); // ends after the call
    } catch (TlsFailure e) {
      failures.add(e.line());
    }
  }

  /** A connected client that works. */
  private ManagedChannel working(int number, TlsFiles files) throws TlsFailure {
    ManagedChannel channel = connect(number, files);
    channels.add(channel);
    var _ = KVGrpc.newBlockingStub(channel).range(RangeRequest.newBuilder().setKey(KEY).build());
    assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
    return channel;
  }

  private static void awaitOut(List<ManagedChannel> leaving, long begin) throws Exception {
    for (ManagedChannel each : leaving) {
      until(() -> each.getState(false) != ConnectivityState.READY);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(OUT_WITHIN);
  }

  /** A watch and a renewed lease, at the server or at the proxy. */
  private LastingStreams streams(int number) throws TlsFailure {
    return LastingStreams.open(working(number, client), KEY, timer, failures);
  }

  /** A client of the server and one of the proxy are revoked. */
  private void revokeTwo() throws Exception {
    var mallory = lasting.client("mallory");
    TlsFiles files = lasting.files(mallory).withAuthorities(client.authorities());
    List<ManagedChannel> leaving = List.of(working(0, files), working(1, files));
    long begin = System.nanoTime();
    lasting.revoke(mallory);
    awaitOut(leaving, begin);
  }

  /** The server and the proxy trust another authority, and no more the former one. */
  private void trust(TestCertificates next, TestCertificates former) throws Exception {
    TlsFiles bob = former.files(former.client("bob")).withAuthorities(client.authorities());
    String bundle = bundle(lasting, next);
    TestCertificates.write(clientBundle(), bundle + Files.readString(former.authorityFile()));
    List<Replaceable> both = List.of(ofServer, ofProxy);
    for (int i = 0; i < both.size(); i++) {
      ManagedChannel leaving = working(i, bob);
      long begin = System.nanoTime();
      both.get(i).trust(bundle);
      awaitOut(List.of(leaving), begin);
    }
  }

  private Path clientBundle() {
    return Objects.requireNonNull(client.authorities());
  }

  private static String bundle(TestCertificates one, TestCertificates other) throws IOException {
    return Files.readString(one.authorityFile()) + Files.readString(other.authorityFile());
  }

  @Test
  void noCallOrStreamFailsAndWhatIsRevokedIsOut() throws Exception {
    TestCertificates former = new TestCertificates(root.resolve("former"));
    TestCertificates.write(clientBundle(), bundle(lasting, former));
    ofServer.trust(bundle(lasting, former));
    ofProxy.trust(bundle(lasting, former));
    load();
    List<LastingStreams> streams = List.of(streams(0), streams(1));
    for (int round = 0; round < ROUNDS; round++) {
      until(() -> answered.get() > CALLS_PER_ROUND);
      revokeTwo();
      TestCertificates next = new TestCertificates(root.resolve("next-" + round));
      trust(next, former);
      TestCertificates.replace(ofServer.files(), next.server("server", HOST));
      TestCertificates.replace(ofProxy.files(), next.server("proxy", HOST));
      former = next;
      answered.set(0);
      streams.forEach(LastingStreams::forget);
      until(() -> streams.stream().allMatch(LastingStreams::goOn) || !failures.isEmpty());
    }
    until(() -> answered.get() > CALLS_PER_ROUND);
    assertThat(failures).isEmpty();
    assertThat(Objects.requireNonNull(server.tlsHealth().get("clients")).reloads())
        .isGreaterThanOrEqualTo(2 * ROUNDS);
  }
}
