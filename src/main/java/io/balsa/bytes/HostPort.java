package io.balsa.bytes;

/**
 * An address to listen on or to connect to: a host and a TCP port, or a Unix socket.
 *
 * @param host a name or an address; an IPv6 address without its brackets; for a Unix socket {@code
 *     unix:} and its path
 * @param port 0 to 65,535; to listen on 0 means to take a free port; 0 for a Unix socket
 * @param isSecure whether TLS is spoken there
 */
public record HostPort(String host, int port, boolean isSecure) {
  private static final int PORT_MAX = 65_535;
  private static final String PLAIN = "http://";
  private static final String SECURE = "https://";
  private static final String UNIX = "unix:";
  private static final String SECURE_UNIX = "unixs:";

  /** An address without TLS. */
  public HostPort(String host, int port) {
    this(host, port, false);
  }

  /**
   * Reads {@code host:port}, {@code http://host:port} or {@code https://host:port}, an IPv6 address
   * in brackets, {@code unix://path} or {@code unixs://path}. The s stands for TLS.
   *
   * @throws IllegalArgumentException with one line saying what is wrong
   */
  public static HostPort parse(String text) {
    if (text.startsWith(UNIX) || text.startsWith(SECURE_UNIX)) {
      return unixSocket(text);
    }
    boolean secure = text.startsWith(SECURE);
    String scheme = secure ? SECURE : PLAIN;
    String bare = text.startsWith(scheme) ? text.substring(scheme.length()) : text;
    String address = bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
    int colon = address.lastIndexOf(':');
    int port = colon < 0 ? -1 : port(address.substring(colon + 1));
    String host = colon < 0 ? "" : address.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String name = bracketed ? host.substring(1, host.length() - 1) : host;
    if (port < 0 || !isHost(name, bracketed)) {
      throw bad(text, "give it as host:port");
    }
    return new HostPort(name, port, secure);
  }

  /** Whether a text says by its scheme if TLS is spoken there. */
  public static boolean hasScheme(String text) {
    return text.contains("://") || text.startsWith(UNIX) || text.startsWith(SECURE_UNIX);
  }

  private static HostPort unixSocket(String text) {
    boolean secure = text.startsWith(SECURE_UNIX);
    String rest = text.substring(secure ? SECURE_UNIX.length() : UNIX.length());
    String path = rest.startsWith("//") ? rest.substring(2) : rest;
    if (path.isEmpty()) {
      throw bad(text, "give it as unix://path");
    }
    return new HostPort(UNIX + path, 0, secure);
  }

  /** The same address with or without TLS. */
  public HostPort secured(boolean secure) {
    return new HostPort(host, port, secure);
  }

  /** Whether it is a Unix socket. */
  public boolean isUnixSocket() {
    return host.startsWith(UNIX);
  }

  /** The path of a Unix socket. */
  public String path() {
    return host.substring(UNIX.length());
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
    return isUnixSocket() ? toString() : (isSecure ? SECURE : PLAIN) + this;
  }

  /** As {@code host:port}, an IPv6 address in brackets, or {@code unix://path}. */
  @Override
  public String toString() {
    if (isUnixSocket()) {
      return (isSecure ? SECURE_UNIX : UNIX) + "//" + path();
    }
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
