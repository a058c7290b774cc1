package io.balsa.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.certs.CertifiedKey;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A certificate is revoked while a handshake that shows it is under way. */
@Timeout(60)
class ReloadDuringHandshakeTest {
  private static final String HOST = "127.0.0.1";

  @TempDir private Path folder;
  private TestCertificates certificates;
  private final List<String> failures = new CopyOnWriteArrayList<>();

  @BeforeEach
  void makeFiles() {
    certificates = new TestCertificates(folder);
  }

  private TlsSource source(TlsFiles files) throws TlsFailure {
    return TlsSource.unwatched(
        files.withRevocations(certificates.revokedFile()),
        TlsListener.NONE,
        InstantSource.system());
  }

  private Runnable revoking(CertifiedKey leaf, TlsSource source) {
    return () -> {
      certificates.revoke(leaf);
      source.look();
    };
  }

  private static KeyManagerFactory keys(CertifiedKey own) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("k", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, new char[0]);
    return keys;
  }

  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout(5_000);
    try {
      var _ = socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true; // a reset ends it too
    }
  }

  @Test
  void aClientThatIsRevokedMeanwhileIsClosed() throws Exception {
    TlsSource source = source(certificates.files(certificates.server("server", HOST)));
    ServerTls tls = ServerTls.of(source, TlsRules.DEFAULT.demandingClients(true));
    CertifiedKey ann = certificates.client("ann");
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls.credentials(failures::add))
            .build()
            .start();
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    TrustManager[] hook = {new TrustsAfter(revoking(ann, source))};
    context.init(keys(ann).getKeyManagers(), hook, null);

    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(HOST, server.getPort())) {
      socket.startHandshake();
      socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(UTF_8));
      assertThat(isClosed(socket)).isTrue();
    } finally {
      server.shutdownNow();
    }
    assertThat(failures).singleElement().asString().endsWith("is revoked");
  }

  @Test
  void aServerThatIsRevokedMeanwhileIsLeft() throws Exception {
    CertifiedKey leaf = certificates.server("server", HOST);
    TlsSource source = source(certificates.onlyTrust());
    ClientTls tls = ClientTls.of(source, TlsRules.DEFAULT, null);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    X509ExtendedKeyManager keys = (X509ExtendedKeyManager) keys(leaf).getKeyManagers()[0];
    KeyManager[] hook = {new ShowsAfter(revoking(leaf, source), keys)};
    context.init(hook, null, null);
    try (SSLServerSocket listening =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(HOST, listening.getLocalPort(), tls.credentials()).build();
      var _ = channel.getState(true);
      try (SSLSocket socket = (SSLSocket) listening.accept()) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        assertThat(isClosed(socket)).isTrue();
      } finally {
        var _ = channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      }
    }
  }

  /** Trusts every server, after a task: the own certificate is shown later. */
  private static final class TrustsAfter extends X509ExtendedTrustManager {
    private final Runnable task;

    TrustsAfter(Runnable task) {
      this.task = task;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      task.run();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      task.run();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      task.run();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Shows a certificate after a task, which runs when the client has said hello. */
  private static final class ShowsAfter extends X509ExtendedKeyManager {
    private final Runnable task;
    private final X509ExtendedKeyManager keys;

    ShowsAfter(Runnable task, X509ExtendedKeyManager keys) {
      this.task = task;
      this.keys = keys;
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      task.run();
      return keys.chooseServerAlias(type, issuers, socket);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return keys.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return keys.getPrivateKey(alias);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return keys.getServerAliases(type, issuers);
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      throw new IllegalStateException("a server");
    }
  }
}
