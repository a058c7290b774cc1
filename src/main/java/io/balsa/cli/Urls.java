package io.balsa.cli;

import io.balsa.bytes.HostPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;

/** URLs as etcd's flags take them: {@code http://HOST:PORT} and nothing behind. */
final class Urls {
  private Urls() {}

  /** Reads a comma-separated list: one or more, none twice. */
  static List<HostPort> list(String flag, String text) {
    List<HostPort> urls =
        Arrays.stream(text.split(",", -1)).map(each -> parse(flag, each.strip())).toList();
    if (urls.stream().distinct().count() < urls.size()) {
      throw new BadInput(flag + ": " + text + " names a URL twice; name each once");
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
    if ("https".equals(uri.getScheme())) {
      throw new BadInput(flag + ": TLS is not supported yet, so not " + text + " but http://");
    }
    if (!"http".equals(uri.getScheme()) || uri.getHost() == null || !isBare(uri)) {
      throw malformed(flag, text);
    }
    return HostPort.parse("http://" + uri.getAuthority());
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

  /** Whether it stands for every address of the machine, which tells nobody where to connect. */
  static boolean isWildcard(HostPort address) {
    return address.host().equals("0.0.0.0") || address.host().equals("::");
  }

  /** As they stand in a flag. */
  static List<String> texts(List<HostPort> urls) {
    return urls.stream().map(HostPort::url).toList();
  }
}
