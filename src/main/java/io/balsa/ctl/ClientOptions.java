package io.balsa.ctl;

import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Options of every command that talks to a cluster. */
final class ClientOptions {
  private static final Pattern TIME = Pattern.compile("(\\d+)(ms|s|m)?");

  @Option(
      names = "--endpoints",
      paramLabel = "HOST:PORT,...",
      description = "servers or proxies to ask (${DEFAULT-VALUE}; BALSA_ENDPOINTS)")
  String endpoints = "127.0.0.1:2379";

  @Option(
      names = "--command-timeout",
      paramLabel = "TIME",
      description = "how long to wait, such as 500ms or 5s (${DEFAULT-VALUE})")
  String timeout = "10s";

  List<HostPort> addresses() {
    return Addresses.list("--endpoints", endpoints);
  }

  Duration timeout() {
    Matcher time = TIME.matcher(timeout);
    if (!time.matches()) {
      throw new BadInput("--command-timeout: '" + timeout + "' is not a time such as 500ms or 5s");
    }
    long number = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case null, default -> Duration.ofSeconds(number);
    };
  }

  /** Makes one call and returns its answer. Repeats a write while its outcome is unknown. */
  <A> A ask(Function<EtcdCalls, CompletableFuture<A>> call) throws RequestFailed {
    try (EtcdCalls calls = EtcdCalls.repeating(addresses(), timeout())) {
      return EtcdCalls.await(call.apply(calls));
    }
  }
}
