package io.balsa.ctl;

import io.balsa.bytes.HostPort;
import io.balsa.client.RequestFailed;
import io.balsa.server.BadSettings;
import io.balsa.server.ServerFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Failures of client commands as one line for the user. */
public final class FailureText {
  private FailureText() {}

  /**
   * The failure's message; with its class when the message was not written for users.
   *
   * @param client what the command was asked; null when it asks no cluster
   */
  public static String line(Exception failure, @Nullable ClientOptions client) {
    return switch (failure) {
      case BadInput input -> message(input);
      case ServerFailure server -> message(server);
      case BadSettings settings -> message(settings);
      case RequestFailed request when client != null ->
          onOneLine(request(request, client.addresses(), client.timeout, client.changing()));
      case RequestFailed request -> message(request);
      case InvalidPathException path ->
          "a file name that this locale cannot write: '"
              + path.getInput()
              + "'; set LC_ALL=C.UTF-8";
      case UncheckedIOException wrapped -> message(wrapped);
      case IOException machine -> machine.getClass().getSimpleName() + ": " + message(machine);
      default -> onOneLine(failure.toString());
    };
  }

  /** Which server, what happened, what to do. A server's own text stays as it is. */
  public static String request(
      RequestFailed failed, List<HostPort> addresses, String timeout, boolean changing) {
    String where = String.join(", ", addresses.stream().map(HostPort::toString).toList());
    String open = changing && failed.maybeDone() ? "; the request may have been performed" : "";
    return switch (failed.kind()) {
      case SERVERS_OWN -> message(failed);
      case REFUSED ->
          "no server listens at %s%s; start it, or give the right --endpoints"
              .formatted(where, open);
      case UNRESOLVED ->
          "no address is known for the host in --endpoints (%s); check its name".formatted(where);
      case UNREACHABLE -> "no connection to %s%s; is the network up?".formatted(where, open);
      case TIMED_OUT ->
          "no answer from %s within %s%s; a quorum may be missing: see 'balsa status', or give a longer --command-timeout"
              .formatted(where, timeout, open);
      case BROKEN ->
          "%s ended the connection%s; is it the client port of a server?".formatted(where, open);
      case UNKNOWN_METHOD ->
          "%s does not offer this request; docs/compatibility.md lists what Balsa offers"
              .formatted(where);
      case TOO_LARGE -> message(failed) + "; see --max-recv-bytes and --max-request-bytes";
      case OTHER -> where + ": " + message(failed) + open;
    };
  }

  /** The failure's own message on one line. */
  public static String message(Exception failure) {
    return onOneLine(String.valueOf(failure.getMessage()));
  }

  private static String onOneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}
