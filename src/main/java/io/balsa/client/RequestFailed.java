package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.balsa.rpc.GrpcFailure;
import io.grpc.Status;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** A request failed, or its answer did not come. */
public final class RequestFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Status status;
  private final boolean maybeDone;
  private final transient List<HostPort> asked;
  private final boolean connected;

  RequestFailed(Status status, boolean maybeDone) {
    this(status, maybeDone, List.of());
  }

  /** A failure of the servers at these addresses. */
  RequestFailed(Status status, boolean maybeDone, List<HostPort> asked) {
    this(status, maybeDone, asked, false);
  }

  private RequestFailed(Status status, boolean maybeDone, List<HostPort> asked, boolean connected) {
    super(GrpcFailure.textWithCause(status), status.getCause());
    this.status = status;
    this.maybeDone = maybeDone;
    this.asked = List.copyOf(asked);
    this.connected = connected;
  }

  /** The end of a stream on which the server had answered. */
  static RequestFailed ofStream(Status status, HostPort server) {
    return new RequestFailed(status, false, List.of(server), true);
  }

  /** A request that is not sent, because it is larger than the client's limit. */
  static RequestFailed tooLarge(int bytes, int bytesMax) {
    String text = GrpcFailure.TOO_LARGE + ": a request of %d bytes, at most %d";
    return new RequestFailed(
        Status.RESOURCE_EXHAUSTED.withDescription(text.formatted(bytes, bytesMax)), false);
  }

  /** The status that the server sent, or gRPC's own when no answer came. */
  public Status status() {
    return status;
  }

  /**
   * The addresses that were asked and failed in this way; empty when they are not known. A request
   * does not always get as far as to all endpoints.
   */
  public List<HostPort> asked() {
    return asked;
  }

  /** What the first cause of the failure says. */
  public String cause() {
    return GrpcFailure.rootMessage(this);
  }

  /** What kind of failure it is. */
  public Kind kind() {
    Kind kind = kind(status);
    return kind == Kind.BROKEN && connected ? Kind.LOST : kind;
  }

  static Kind kind(Status status) {
    if (GrpcFailure.isServersOwn(status)) {
      return Kind.SERVERS_OWN;
    }
    if (GrpcFailure.isTooLarge(status)) {
      return Kind.TOO_LARGE;
    }
    if (GrpcFailure.unresolvedHost(status) != null) {
      return Kind.UNRESOLVED;
    }
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED -> Kind.TIMED_OUT;
      case UNIMPLEMENTED -> unimplemented(status);
      case UNAVAILABLE -> ofConnection(status);
      case UNKNOWN, INTERNAL -> isOfHttp(status) ? Kind.BROKEN : Kind.OTHER;
      default -> Kind.OTHER;
    };
  }

  private static Kind unimplemented(Status status) {
    if (isOfHttp(status)) {
      return Kind.BROKEN;
    }
    boolean isOfGrpc =
        status.getDescription() == null
            || startsWithOne(status, "Method not found", "unknown method", "unknown service");
    return isOfGrpc ? Kind.UNKNOWN_METHOD : Kind.SERVERS_OWN;
  }

  private static Kind ofConnection(Status status) {
    Throwable root = status.getCause();
    while (root != null && root.getCause() != null) {
      if (root instanceof SSLException) {
        return Kind.UNTRUSTED;
      }
      root = root.getCause();
    }
    return switch (root) {
      case ConnectTimeoutException _ -> Kind.UNREACHABLE;
      case ConnectException refused -> isRefusal(refused) ? Kind.REFUSED : Kind.UNREACHABLE;
      case NoRouteToHostException _ -> Kind.UNREACHABLE;
      case SSLException _ -> Kind.UNTRUSTED;
      case null -> isOfGrpc(status) ? Kind.BROKEN : Kind.OTHER;
      default -> Kind.BROKEN;
    };
  }

  private static boolean isRefusal(ConnectException failure) {
    return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
  }

  /** Whether the other side answered, but does not speak gRPC. */
  private static boolean isOfHttp(Status status) {
    return startsWithOne(status, "HTTP status code", "invalid content-type", "http2 exception");
  }

  /** Whether gRPC's client made this status itself. */
  private static boolean isOfGrpc(Status status) {
    return isOfHttp(status)
        || startsWithOne(
            status, "io exception", "Network closed", "Keepalive failed", "Connection closed");
  }

  private static boolean startsWithOne(Status status, String... beginnings) {
    String text = GrpcFailure.text(status);
    return Stream.of(beginnings).anyMatch(text::startsWith);
  }

  /** Kinds of failures that need different actions of a user. */
  public enum Kind {
    /** A server refused the request with a text of its own. */
    SERVERS_OWN,
    /** No process listens at the address. */
    REFUSED,
    /** The host name has no address. */
    UNRESOLVED,
    /** No connection came about. */
    UNREACHABLE,
    /** No answer came in time. */
    TIMED_OUT,
    /** TLS failed: one side does not trust the other, or does not speak TLS. */
    UNTRUSTED,
    /** A connection ended, or the other side is no server. */
    BROKEN,
    /** The connection to a server that had answered ended. */
    LOST,
    /** The server does not know the method. */
    UNKNOWN_METHOD,
    /** The request or the answer is larger than the client's limit. */
    TOO_LARGE,
    /** Any other failure; its message says it. */
    OTHER
  }

  /** Whether a server may have performed the request, or may still perform it. */
  public boolean maybeDone() {
    return maybeDone;
  }
}
