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
      case RequestFailed request when client != null -> request(request, client);
      case RequestFailed request -> message(request);
      case InvalidPathException path ->
          "a file name that this locale cannot write: '"
              + path.getInput()
              + "'; set LC_ALL=C.UTF-8";
      case UncheckedIOException wrapped -> onOneLine(FileTroubles.line(wrapped));
      case IOException machine -> onOneLine(FileTroubles.line(machine));
      default -> onOneLine(failure.toString());
    };
  }

  /** Which server, what happened, what to do. A server's own text stays as it is. */
  public static String request(RequestFailed failed, ClientOptions client) {
    List<HostPort> asked = failed.asked().isEmpty() ? client.addresses() : failed.asked();
    String where = String.join(", ", asked.stream().map(HostPort::toString).toList());
    Place place = new Place("at " + where, "from " + where, "to " + where, where, where + ": ");
    return onOneLine(request(failed, asked, place, client));
  }

  /** As {@link #request}, behind the name of the one server that was asked. */
  public static String behindName(RequestFailed failed, HostPort server, ClientOptions client) {
    if (failed.kind() == RequestFailed.Kind.TIMED_OUT) {
      return "no answer from it within %s; it may be paused or overloaded, or have no leader"
          .formatted(client.timeoutText());
    }
    Place place = new Place("there", "from it", "to it", "it", "");
    return onOneLine(request(failed, List.of(server), place, client));
  }

  /** The servers that were asked, as a sentence needs them. */
  private record Place(String at, String from, String to, String name, String before) {}

  private static String request(
      RequestFailed failed, List<HostPort> asked, Place place, ClientOptions client) {
    boolean isOpen = client.changing() && failed.maybeDone();
    String open = isOpen ? "; the request may have been performed" : "";
    return switch (failed.kind()) {
      case SERVERS_OWN -> message(failed);
      case REFUSED ->
          "no server listens %s%s; %s".formatted(place.at, open, client.hints().toStart(asked));
      case UNRESOLVED ->
          "no address is known for the host in --endpoints (%s); check its name"
              .formatted(String.join(", ", asked.stream().map(HostPort::toString).toList()));
      case UNREACHABLE -> "no connection %s%s; is the network up?".formatted(place.to, open);
      case TIMED_OUT ->
          "no answer %s within %s%s; a quorum may be missing: %s"
              .formatted(place.from, client.timeoutText(), open, client.hints().toFindQuorum());
      case UNTRUSTED ->
          "TLS %s failed (%s); check --cacert, --cert and --key"
              .formatted(place.to, failed.cause());
      case BROKEN ->
          "%s ended the connection%s; is it the client port of a server?"
              .formatted(place.name, open);
      case LOST -> "the connection %s is lost".formatted(place.to);
      case UNKNOWN_METHOD ->
          "%s does not offer this request; if it is a server's peer port, give the client port; docs/compatibility.md lists what Balsa offers"
              .formatted(place.name);
      case TOO_LARGE -> message(failed) + "; see --max-recv-bytes and --max-request-bytes";
      case OTHER -> place.before + message(failed) + open;
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
