package io.balsa.client;

import io.balsa.rpc.GrpcFailure;
import io.grpc.Status;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Locale;
import java.util.stream.Stream;

/** A request failed, or its answer did not come. */
public final class RequestFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Status status;
  private final boolean maybeDone;

  RequestFailed(Status status, boolean maybeDone) {
    super(GrpcFailure.textWithCause(status), status.getCause());
    this.status = status;
    this.maybeDone = maybeDone;
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

  /** What kind of failure it is. */
  public Kind kind() {
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
      case UNIMPLEMENTED -> isOfHttp() ? Kind.BROKEN : Kind.UNKNOWN_METHOD;
      case UNAVAILABLE -> ofConnection();
      case UNKNOWN, INTERNAL -> isOfHttp() ? Kind.BROKEN : Kind.OTHER;
      default -> Kind.OTHER;
    };
  }

  private Kind ofConnection() {
    Throwable root = status.getCause();
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return switch (root) {
      case ConnectTimeoutException _ -> Kind.UNREACHABLE;
      case ConnectException refused -> isRefusal(refused) ? Kind.REFUSED : Kind.UNREACHABLE;
      case NoRouteToHostException _ -> Kind.UNREACHABLE;
      case null -> isOfGrpc() ? Kind.BROKEN : Kind.OTHER;
      default -> Kind.BROKEN;
    };
  }

  private static boolean isRefusal(ConnectException failure) {
    return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
  }

  /** Whether the other side answered, but does not speak gRPC. */
  private boolean isOfHttp() {
    return startsWithOne("HTTP status code", "invalid content-type", "http2 exception");
  }

  /** Whether gRPC's client made this status itself. */
  private boolean isOfGrpc() {
    return isOfHttp()
        || startsWithOne("io exception", "Network closed", "Keepalive failed", "Connection closed");
  }

  private boolean startsWithOne(String... beginnings) {
    String text = GrpcFailure.text(status);
    return Stream.of(beginnings).anyMatch(text::startsWith);
  }

  /** Kinds of failures that need different actions of a user. */
  public enum Kind {
    /** A server refused the request with etcd's text. */
    SERVERS_OWN,
    /** No process listens at the address. */
    REFUSED,
    /** The host name has no address. */
    UNRESOLVED,
    /** No connection came about. */
    UNREACHABLE,
    /** No answer came in time. */
    TIMED_OUT,
    /** A connection ended, or the other side is no server. */
    BROKEN,
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
