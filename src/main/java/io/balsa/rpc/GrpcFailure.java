package io.balsa.rpc;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Turns the failures of gRPC into text. */
public final class GrpcFailure {
  private static final String UNRESOLVED = "Unable to resolve host ";

  /** How gRPC begins to say that a message is larger than the channel accepts. */
  public static final String TOO_LARGE = "gRPC message exceeds maximum size";

  private static final String SERVERS_OWN = "etcdserver: ";

  private GrpcFailure() {}

  /** The description of a status, or the name of its code when it has none. */
  public static String text(Status status) {
    String description = status.getDescription();
    return description != null ? description : status.getCode().toString();
  }

  /** As {@link #text}, followed by the message of the root cause in parentheses if there is one. */
  public static String textWithCause(Status status) {
    Throwable cause = status.getCause();
    String message = cause == null ? null : rootCause(cause).getMessage();
    return message == null ? text(status) : text(status) + " (" + message + ")";
  }

  /** The message of the root cause, or the name of its class when it has no message. */
  public static String rootMessage(Throwable thrown) {
    Throwable root = rootCause(thrown);
    String message = root.getMessage();
    return message != null ? message : root.getClass().getSimpleName();
  }

  private static Throwable rootCause(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Whether a server sent this status, not gRPC for a broken connection. */
  public static boolean isServersOwn(Status status) {
    return startsWith(status, SERVERS_OWN);
  }

  /** Whether gRPC refused a message because it is larger than the channel accepts. */
  public static boolean isTooLarge(Status status) {
    return startsWith(status, TOO_LARGE);
  }

  /** The host name that gRPC could not resolve; null when the failure is another one. */
  public static @Nullable String unresolvedHost(Status status) {
    String description = status.getDescription();
    return description != null && description.startsWith(UNRESOLVED)
        ? description.substring(UNRESOLVED.length())
        : null;
  }

  private static boolean startsWith(Status status, String text) {
    String description = status.getDescription();
    return description != null && description.startsWith(text);
  }
}
