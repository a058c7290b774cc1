package io.balsa.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows one certificate to all who ask. It keeps key and chain as they are: a {@code KeyStore}
 * would refuse some chains, and ask for a password. A client shows it also to a server that names
 * other authorities; the server decides, as with etcd's client.
 */
final class ShownKey extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";

  private final TlsIdentity own;
  private final String algorithm;

  ShownKey(TlsIdentity own) {
    this.own = own;
    this.algorithm = own.chain().getFirst().getPublicKey().getAlgorithm();
  }

  private @Nullable String forType(List<String> types) {
    return types.contains(algorithm) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
    return forType(Arrays.asList(types));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, SSLEngine engine) {
    return forType(List.of(type));
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, Socket socket) {
    return forType(Arrays.asList(types));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, Socket socket) {
    return forType(List.of(type));
  }

  @Override
  public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return own.array();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return own.key();
  }
}
