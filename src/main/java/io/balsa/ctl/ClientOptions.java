package io.balsa.ctl;

import io.balsa.bytes.HostPort;
import io.balsa.client.ClientSettings;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.tls.TlsListener;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command that talks to a cluster: all that {@code etcdctl options} lists. */
public final class ClientOptions {
  private static final int REQUEST_BYTES_MAX = 2 << 20;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Mixin private UnsupportedOptions unsupported = new UnsupportedOptions();
  @Mixin private LoginOptions login = new LoginOptions();

  @Mixin private ClientTlsOptions tls = new ClientTlsOptions();

  @Option(
      names = "--endpoints",
      paramLabel = "HOST:PORT,...",
      description = "servers or proxies to ask (${DEFAULT-VALUE}; BALSA_ENDPOINTS)")
  String endpoints = "127.0.0.1:2379";

  @Option(
      names = "--command-timeout",
      paramLabel = "TIME",
      description = "how long to wait for an answer, such as 500ms or 1m (${DEFAULT-VALUE})")
  String timeout = "5s";

  @Option(
      names = "--dial-timeout",
      paramLabel = "TIME",
      description = "how long to wait for a connection (${DEFAULT-VALUE})")
  String dialTimeout = "2s";

  @Option(
      names = "--keepalive-time",
      hidden = true,
      paramLabel = "TIME",
      description = "after how long a silence the server is asked, at least 10s")
  String keepAliveTime = "10s";

  @Option(
      names = "--keepalive-timeout",
      hidden = true,
      paramLabel = "TIME",
      description = "how long that answer may take (${DEFAULT-VALUE})")
  String keepAliveTimeout = "6s";

  @Option(
      names = "--max-request-bytes",
      hidden = true,
      paramLabel = "N",
      description = "the largest request to send; 0 for 2 MiB")
  int requestBytesMax;

  @Option(
      names = "--max-recv-bytes",
      hidden = true,
      paramLabel = "N",
      description = "the largest answer to take; 0 for no limit")
  int receiveBytesMax;

  @Option(
      names = "--debug",
      hidden = true,
      description = "print the options that are used to standard error")
  boolean debug;

  private boolean changing;
  private Hints hints = Hints.OF_SHELL;

  /** The options of a command; null when it is no command that talks to a cluster. */
  public static @Nullable ClientOptions of(CommandSpec command) {
    for (CommandSpec mixin : command.mixins().values()) {
      if (mixin.userObject() instanceof ClientOptions options) {
        return options;
      }
    }
    return null;
  }

  /** The endpoints as they were typed. */
  public List<String> endpoints() {
    return Arrays.stream(endpoints.split(",", -1)).map(String::strip).toList();
  }

  public List<HostPort> addresses() {
    return tls.addresses("--endpoints", endpoints);
  }

  /** Reads the address of a server. */
  public HostPort address(String option, String text) {
    return tls.address(option, text);
  }

  /** How long to wait for an answer. */
  public Duration timeout() {
    return time("--command-timeout", timeout);
  }

  /** The same as it was typed. */
  public String timeoutText() {
    return timeout;
  }

  private static Duration time(String option, String text) {
    Duration time = GoDuration.parse(option, text);
    if (!time.isPositive()) {
      throw new BadInput(option + ": '" + text + "' is not longer than 0");
    }
    return time;
  }

  /** The largest request to send, in bytes. */
  public int requestBytesMax() {
    return requestBytesMax <= 0 ? REQUEST_BYTES_MAX : requestBytesMax;
  }

  /** Whether the last request might have changed something. */
  boolean changing() {
    return changing;
  }

  /** What a user can do when a request fails. */
  Hints hints() {
    return hints;
  }

  /** Gives other hints than those for a shell. */
  public void hint(Hints others) {
    hints = others;
  }

  /** Makes one call that only reads, and returns its answer. */
  public <A> A ask(Function<EtcdCalls, CompletableFuture<A>> call) throws RequestFailed {
    try (EtcdCalls calls = calls();
        TerminalNotes.Waiting _ = waiting()) {
      return EtcdCalls.await(call.apply(calls));
    }
  }

  /** Says on a terminal, after a second, whose answer is waited for. */
  public TerminalNotes.Waiting waiting() {
    return TerminalNotes.waitFor(
        "waiting for an answer from " + endpoints + ", at most " + timeout + " ...");
  }

  /** As {@link #ask}, for a write. Repeats a put, del or txn while its outcome is unknown. */
  public <A> A change(Function<EtcdCalls, CompletableFuture<A>> call) throws RequestFailed {
    changing = true;
    return ask(call);
  }

  /** As {@link #calls}, for requests that may change something. */
  public EtcdCalls callsToChange() {
    changing = true;
    return calls();
  }

  /** Calls at the endpoints, for several requests. Must be closed. */
  public EtcdCalls calls() {
    Duration timeout = timeout();
    return new EtcdCalls(repeatingClient(), timeout);
  }

  /** A client of the endpoints that repeats no write. Must be closed. */
  public EtcdClient client() {
    return EtcdClient.open(checked(), settings());
  }

  /** A client of the endpoints that repeats writes. Must be closed. */
  public EtcdClient repeatingClient() {
    return EtcdClient.repeating(checked(), settings());
  }

  /** Calls at one server. Must be closed. */
  public EtcdCalls callsAt(HostPort address) {
    unsupported.refuse();
    Duration timeout = timeout();
    return new EtcdCalls(EtcdClient.open(List.of(address), settings()), timeout);
  }

  /** Calls at another cluster, with the same settings but no user. Must be closed. */
  public EtcdCalls repeatingCallsAt(List<HostPort> others) {
    return new EtcdCalls(EtcdClient.repeating(others, settings().as(null)), timeout());
  }

  /**
   * Checks all but the endpoints, for a command that asks servers in threads.
   *
   * @throws BadInput when an option is wrong or not supported
   */
  public void check() {
    unsupported.refuse();
    var _ = settings();
    var _ = timeout();
  }

  private List<HostPort> checked() {
    unsupported.refuse();
    if (debug) {
      command
          .options()
          .forEach(
              option ->
                  command
                      .commandLine()
                      .getErr()
                      .println(option.longestName() + "=" + LoginOptions.shown(option)));
    }
    return addresses();
  }

  /** How a client of the endpoints connects and who it is; for commands that open many. */
  public ClientSettings settings() {
    return new ClientSettings(
        time("--dial-timeout", dialTimeout),
        time("--keepalive-time", keepAliveTime),
        time("--keepalive-timeout", keepAliveTimeout),
        receiveBytesMax <= 0 ? Integer.MAX_VALUE : receiveBytesMax,
        requestBytesMax(),
        login.credentials(),
        tls.tls(TlsListener.NONE));
  }
}
