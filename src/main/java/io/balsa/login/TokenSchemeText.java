package io.balsa.login;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads etcd's {@code --auth-token}: {@code simple}, or {@code jwt} with {@code pub-key}, {@code
 * priv-key}, {@code sign-method} and {@code ttl}, such as {@code
 * jwt,pub-key=app.pub,priv-key=app.key,sign-method=RS256,ttl=10m}.
 */
public final class TokenSchemeText {
  private static final Set<String> OPTIONS = Set.of("pub-key", "priv-key", "sign-method", "ttl");

  private TokenSchemeText() {}

  /**
   * Reads the text.
   *
   * @param simpleTtl etcd's {@code --auth-token-ttl}
   * @param durations reads a time such as {@code 10m}; throws {@link IllegalArgumentException} with
   *     one line
   */
  public static TokenScheme parse(
      String text, Duration simpleTtl, Function<String, Duration> durations)
      throws WrongTokenScheme {
    String[] parts = text.split(",", -1);
    return switch (parts[0]) {
      case "simple", "" -> simple(parts, simpleTtl);
      case "jwt" -> jwt(options(parts), durations);
      default ->
          throw new WrongTokenScheme(
              "--auth-token: '%s' is neither simple nor jwt".formatted(parts[0]));
    };
  }

  private static TokenScheme simple(String[] parts, Duration ttl) throws WrongTokenScheme {
    if (parts.length > 1) {
      throw new WrongTokenScheme("--auth-token: simple has no options");
    }
    return new TokenScheme.Simple(ttl);
  }

  private static Map<String, String> options(String[] parts) throws WrongTokenScheme {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
      if (equals < 0 || !OPTIONS.contains(name)) {
        throw new WrongTokenScheme(
            "--auth-token: '%s' is no option of jwt: use pub-key, priv-key, sign-method and ttl"
                .formatted(name));
      }
      if (options.put(name, parts[i].substring(equals + 1)) != null) {
        throw new WrongTokenScheme("--auth-token: '" + name + "' is given twice");
      }
    }
    return options;
  }

  private static TokenScheme jwt(Map<String, String> options, Function<String, Duration> durations)
      throws WrongTokenScheme {
    String ttl = options.getOrDefault("ttl", "");
    Duration lifetime = ttl.isEmpty() ? TokenScheme.DEFAULT_TTL : durations.apply(ttl);
    if (!lifetime.isPositive()) {
      throw new WrongTokenScheme("--auth-token: ttl '" + ttl + "' is not longer than 0");
    }
    return new TokenScheme.Jwt(
        options.getOrDefault("sign-method", ""),
        path(options.get("pub-key")),
        path(options.get("priv-key")),
        lifetime);
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null || text.isEmpty() ? null : Path.of(text);
  }
}
