package io.balsa.ctl;

import io.balsa.bytes.HostPort;
import io.balsa.tls.ClientTls;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsFiles;
import io.balsa.tls.TlsListener;
import io.balsa.tls.TlsRules;
import io.balsa.tls.TlsSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options about TLS of connections to servers, with etcdctl's names and rules. An address with
 * {@code https://} has TLS, one with {@code http://} has none. An address without a scheme has TLS
 * if one of these options asks for it.
 */
public final class ClientTlsOptions {
  /** The watched files; a prompt runs many commands with the same ones. */
  private static final Map<TlsFiles, TlsSource> SOURCES = new ConcurrentHashMap<>();

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "the authorities of servers, PEM (those that Java trusts)")
  private @Nullable String authorities;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "the certificate to show to servers, PEM")
  private @Nullable String cert;

  @Option(names = "--key", paramLabel = "FILE", description = "its private key, PEM")
  private @Nullable String key;

  @Option(
      names = "--insecure-transport",
      hidden = true,
      arity = "0..1",
      fallbackValue = "true",
      description = "false: addresses without a scheme have TLS")
  private String insecureTransport = "true";

  @Option(
      names = "--insecure-skip-tls-verify",
      hidden = true,
      arity = "0..1",
      fallbackValue = "true",
      description = "take every server for the right one; only for tests")
  private String skipVerify = "false";

  /** Whether addresses without a scheme have TLS. */
  public boolean isAskedFor() {
    return authorities != null
        || cert != null
        || key != null
        || !isOn("--insecure-transport", insecureTransport)
        || isOn("--insecure-skip-tls-verify", skipVerify);
  }

  /** Reads a comma-separated list of addresses. */
  public List<HostPort> addresses(String option, String text) {
    return Arrays.stream(text.split(",", -1)).map(each -> address(option, each.strip())).toList();
  }

  /** Reads one address. */
  public HostPort address(String option, String text) {
    HostPort address = Addresses.one(option, text);
    boolean open = !HostPort.hasScheme(text) || text.startsWith("unix:");
    return open && isAskedFor() ? address.secured(true) : address;
  }

  /**
   * TLS as the options ask for it.
   *
   * @param listener hears what happens to the files
   * @throws BadInput when a file cannot be used
   */
  public ClientTls tls(TlsListener listener) {
    TlsFiles files =
        TlsFiles.of(file("--cert", cert), file("--key", key))
            .withAuthorities(file("--cacert", authorities));
    if (files.certificate() == null ^ files.key() == null) {
      throw new BadInput(files.key() == null ? "--cert: give --key too" : "--key: give --cert too");
    }
    boolean skip = isOn("--insecure-skip-tls-verify", skipVerify);
    if (files.equals(TlsFiles.NONE) && !skip) {
      return ClientTls.OF_SYSTEM;
    }
    TlsSource source = SOURCES.computeIfAbsent(files, each -> open(each, listener));
    return skip
        ? ClientTls.unverified(source, TlsRules.DEFAULT)
        : ClientTls.of(source, TlsRules.DEFAULT, null);
  }

  private static TlsSource open(TlsFiles files, TlsListener listener) {
    try {
      return TlsSource.open(files, listener);
    } catch (TlsFailure e) {
      throw new BadInput(e.line());
    }
  }

  private static @Nullable Path file(String option, @Nullable String name) {
    if (name == null) {
      return null;
    }
    if (name.isEmpty()) {
      throw new BadInput(option + ": the name of the file is empty");
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new BadInput(option + ": '" + name + "' is no path: " + e.getReason());
    }
  }

  static boolean isOn(String option, String flag) {
    return switch (flag) {
      case "true", "TRUE", "True", "t", "T", "1" -> true;
      case "false", "FALSE", "False", "f", "F", "0", "" -> false;
      default -> throw new BadInput(option + ": '" + flag + "' is neither true nor false");
    };
  }
}
