package io.balsa.cli.settings;

import io.balsa.bytes.HostPort;
import io.balsa.ctl.BadInput;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * URLs as etcd's flags take them: {@code http://HOST:PORT}, or https for TLS, and nothing behind.
 */
public final class Urls {
  private Urls() {}

  /** Reads a comma-separated list: one or more, none twice. */
  public static List<HostPort> list(String flag, String text) {
    List<HostPort> urls =
        Arrays.stream(text.split(",", -1)).map(each -> parse(flag, each.strip())).toList();
    if (urls.stream().distinct().count() < urls.size()) {
      throw new BadInput(flag + ": " + text + " names a URL twice; name each once");
    }
    return urls;
  }

  /** Internet addresses and Unix sockets. */
  record Mixed(List<HostPort> addresses, List<HostPort> sockets) {}

  /** Reads a comma-separated list that may have {@code unix://PATH} in it. */
  static Mixed mixed(String flag, String text) {
    List<String> addresses = new ArrayList<>();
    List<HostPort> sockets = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String url = part.strip();
      if (url.startsWith("unix:") || url.startsWith("unixs:")) {
        sockets.add(socket(flag, url));
      } else {
        addresses.add(url);
      }
    }
    boolean twice = sockets.stream().distinct().count() < sockets.size();
    if (twice) {
      throw new BadInput(flag + ": " + text + " names a URL twice; name each once");
    }
    return new Mixed(
        addresses.isEmpty() ? List.of() : list(flag, String.join(",", addresses)), sockets);
  }

  /** As in etcd, what stands behind the scheme is the path, absolute or not. */
  private static HostPort socket(String flag, String url) {
    try {
      HostPort socket = HostPort.parse(url);
      var _ = Path.of(socket.path());
      return socket;
    } catch (InvalidPathException e) {
      throw new BadInput(flag + ": '" + url + "' is no path: " + e.getReason());
    } catch (IllegalArgumentException _) {
      throw new BadInput(flag + ": '" + url + "' is not a URL of the form unix://PATH");
    }
  }

  /** Reads {@code NAME=URL,NAME=URL,...}; a name may come several times, with a URL each. */
  public static Map<String, List<HostPort>> byName(String flag, String text) {
    Map<String, List<HostPort>> urls = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new BadInput(
            flag + ": '" + part.strip() + "' is not of the form NAME=http://HOST:PORT");
      }
      String name = part.substring(0, equals).strip();
      HostPort url = parse(flag, part.substring(equals + 1).strip());
      urls.computeIfAbsent(name, _ -> new ArrayList<>()).add(url);
    }
    return urls;
  }

  /** Reads one. */
  static HostPort parse(String flag, String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) {
      throw malformed(flag, text);
    }
    boolean secure = "https".equals(uri.getScheme());
    if ((!secure && !"http".equals(uri.getScheme())) || uri.getHost() == null || !isBare(uri)) {
      throw malformed(flag, text);
    }
    return HostPort.parse(uri.getScheme() + "://" + uri.getAuthority());
  }

  private static boolean isBare(URI uri) {
    return uri.getPort() >= 0
        && uri.getPort() <= 65_535
        && (uri.getPath().isEmpty() || uri.getPath().equals("/"))
        && uri.getQuery() == null
        && uri.getFragment() == null
        && uri.getUserInfo() == null;
  }

  private static BadInput malformed(String flag, String text) {
    return new BadInput(flag + ": '" + text + "' is not a URL of the form http://HOST:PORT");
  }

  /** Addresses as URLs, with the ports where a server really listens. */
  public static List<String> real(List<HostPort> wanted, List<InetSocketAddress> real) {
    return IntStream.range(0, wanted.size())
        .mapToObj(
            i ->
                new HostPort(wanted.get(i).host(), real.get(i).getPort(), wanted.get(i).isSecure())
                    .url())
        .toList();
  }

  /** As a flag takes them. */
  public static String text(List<HostPort> urls) {
    return String.join(",", urls.stream().map(HostPort::url).toList());
  }
}
