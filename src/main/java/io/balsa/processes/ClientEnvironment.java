package io.balsa.processes;

import io.balsa.bytes.HostPort;
import io.balsa.certs.KeyFiles;
import io.balsa.client.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client of a secured cluster must know, as variables of etcdctl. This program reads the
 * same ones. Their values hold the password of root.
 *
 * @param variables in the order of the file
 */
record ClientEnvironment(Map<String, String> variables) {
  private static final String PREFIX = "ETCDCTL_";

  static ClientEnvironment of(ClusterSecurity security, HostPort proxy) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("ENDPOINTS", proxy.url());
    PlaygroundCertificates files = security.certificates();
    if (files != null) {
      variables.put("CACERT", files.clientAuthority().toString());
      variables.put("CERT", files.clientCertificate().toString());
      variables.put("KEY", files.clientKey().toString());
    }
    Credentials.@Nullable Password root = security.root();
    if (root != null) {
      variables.put("USER", root.user() + ":" + root.password());
    }
    return new ClientEnvironment(variables);
  }

  /** Writes a file that a shell can read, for its owner alone. */
  void write(Path file) {
    String text =
        variables.entrySet().stream()
            .map(each -> "export " + PREFIX + each.getKey() + "=" + quoted(each.getValue()) + "\n")
            .collect(Collectors.joining());
    try {
      KeyFiles.writeSecret(file, text);
    } catch (IOException failed) {
      throw new InstrumentFailure("cannot write " + file, failed);
    }
  }

  /** The names alone: a value may be a secret. */
  @Override
  public String toString() {
    return "ClientEnvironment" + variables.keySet();
  }

  /** As a shell reads one word. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** The same as options, but for the endpoints. */
  Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    variables.forEach((name, value) -> options.put("--" + name.toLowerCase(Locale.ROOT), value));
    options.remove("--endpoints");
    return options;
  }
}
