package io.balsa.proxy;

import io.balsa.routing.RetryRule.Failure;
import io.grpc.Status;
import io.grpc.Status.Code;

/** What failures mean to the proxy, and the texts by which etcd's clients know its own. */
final class Errors {
  private static final String NO_LEADER_TEXT = "etcdserver: no leader";

  static final Status NO_LEADER = unavailable(NO_LEADER_TEXT);
  static final Status LEADER_FAILED =
      unavailable("etcdserver: request timed out, possibly due to previous leader failure");
  static final Status TOO_MANY =
      Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: too many requests");

  private static final Status CONNECTION_LOST =
      unavailable("etcdserver: request timed out, possibly due to connection lost");

  private Errors() {}

  private static Status unavailable(String text) {
    return Status.UNAVAILABLE.withDescription(text);
  }

  static Failure failure(Status status) {
    if (status.getCode() == Code.UNAVAILABLE || Hops.isRefusal(status)) {
      return Failure.UNAVAILABLE;
    }
    return status.getCode() == Code.FAILED_PRECONDITION
            && "etcdserver: not leader".equals(status.getDescription())
        ? Failure.NOT_LEADER
        : Failure.ANSWERED;
  }

  /** Whether it says that nothing was done, for want of a leader. */
  static boolean isNoLeader(Status status) {
    return NO_LEADER_TEXT.equals(status.getDescription());
  }

  /** A server's own words stay; gRPC's about a broken connection become etcd's. */
  static Status toClient(Status status) {
    String text = status.getDescription();
    boolean own = text != null && text.startsWith("etcdserver: ");
    return status.getCode() == Code.UNAVAILABLE && !own ? CONNECTION_LOST : status;
  }
}
