package io.balsa.bytes;

/**
 * An address to listen on or to connect to: a host and a TCP port.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port 0 to 65,535; to listen on 0 means to take a free port
 */
public record HostPort(String host, int port) {
  private static final int PORT_MAX = 65_535;
  private static final String SCHEME = "http://";

  /**
   * Reads {@code host:port} or {@code http://host:port}, an IPv6 address in brackets.
   *
   * @throws IllegalArgumentException with one line saying what is wrong
   */
  public static HostPort parse(String text) {
    if (text.startsWith("https://")) {
      throw bad(text, "only http:// is spoken, TLS is not there yet");
    }
    String bare = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
    String address = bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
    int colon = address.lastIndexOf(':');
    int port = colon < 0 ? -1 : port(address.substring(colon + 1));
    String host = colon < 0 ? "" : address.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String name = bracketed ? host.substring(1, host.length() - 1) : host;
    if (port < 0 || !isHost(name, bracketed)) {
      throw bad(text, "give it as host:port");
    }
    return new HostPort(name, port);
  }

  private static IllegalArgumentException bad(String text, String advice) {
    return new IllegalArgumentException("bad address \"" + text + "\": " + advice);
  }

  private static int port(String digits) {
    boolean number = digits.length() >= 1 && digits.length() <= 5;
    for (int i = 0; i < digits.length(); i++) {
      number &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    int port = number ? Integer.parseInt(digits) : -1;
    return port <= PORT_MAX ? port : -1;
  }

  private static boolean isHost(String name, boolean address) {
    String marks = address ? ":.%" : ".-_";
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (!Character.isLetterOrDigit(letter) && marks.indexOf(letter) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
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
