package io.balsa.bytes;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where something listens: a host and a TCP port.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port 0 to 65,535; 0 stands for any free one where something is to listen
 */
public record HostPort(String host, int port) {
  /**
   * Reads {@code host:port} or {@code http://host:port}.
   *
   * @throws IllegalArgumentException with one line saying what is wrong
   */
  public static HostPort parse(String text) {
    URI uri = uri(text);
    String host = uri.getHost();
    if (host == null || uri.getPort() < 0 || uri.getPort() > 65_535) {
      throw new IllegalArgumentException("bad address \"" + text + "\": give it as host:port");
    }
    if (!"http".equals(uri.getScheme())) {
      throw new IllegalArgumentException(
          "bad address \"" + text + "\": only http:// is spoken, TLS is not there yet");
    }
    return new HostPort(unbracketed(host), uri.getPort());
  }

  private static URI uri(String text) {
    try {
      return new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException _) {
      throw new IllegalArgumentException("bad address \"" + text + "\": give it as host:port");
    }
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** As a URL without a path. */
  public String url() {
    return "http://" + this;
  }

  /** As {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
