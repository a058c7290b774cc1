package io.balsa.proxy;

import io.balsa.routing.RetryRule.Failure;
import io.balsa.rpc.GrpcFailure;
import io.grpc.Status;
import io.grpc.Status.Code;

/**
 * Classifies the failures of servers, and has the proxy's own failures with the texts that etcd's
 * clients know.
 */
final class ProxyErrors {
  private static final String NO_LEADER_TEXT = "etcdserver: no leader";
  private static final String TIMED_OUT_TEXT = "etcdserver: request timed out";

  static final Status NO_LEADER = unavailable(NO_LEADER_TEXT);
  static final Status LEADER_FAILED =
      unavailable("etcdserver: request timed out, possibly due to previous leader failure");
  static final Status TOO_MANY =
      Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: too many requests");

  static final Status TOO_MANY_BYTES =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: too many bytes of requests are under way, nothing was done, try again"
              + " later");

  /** The text of gRPC for a unary call without a request. */
  static final Status NO_MESSAGE = Status.INTERNAL.withDescription("Half-closed without a request");

  /** The text of a Balsa server. */
  static final Status NO_ROOM =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: answers wait for their readers and leave no room, nothing was done, try"
              + " again later");

  private static final Status ANSWER_TOO_LARGE =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: the answer is larger than --max-response-bytes: read it in pages (limit),"
              + " or with RangeStream");

  static final Status ANSWER_DROPPED =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: the write was done, but there is no room for its answer: read it");

  static final Status TOO_MANY_STREAMS =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "etcdserver: too many requests: a connection may open 1,000 streams at once and 100 a"
              + " second, so watch several keys on one stream");

  static final Status CONNECTION_LOST =
      unavailable("etcdserver: request timed out, possibly due to connection lost");

  private ProxyErrors() {}

  private static Status unavailable(String text) {
    return Status.UNAVAILABLE.withDescription(text);
  }

  /**
   * Classifies a failure.
   *
   * @param sent whether the request may have reached the server
   */
  static Failure failure(Status status, boolean sent) {
    if (ProxyLoopGuard.isRefusal(status)) {
      return Failure.UNAVAILABLE;
    } else if (status.getCode() == Code.UNAVAILABLE) {
      return !sent ? Failure.UNAVAILABLE : unavailable(status);
    }
    return status.getCode() == Code.FAILED_PRECONDITION
            && "etcdserver: not leader".equals(status.getDescription())
        ? Failure.NOT_LEADER
        : Failure.ANSWERED;
  }

  /**
   * A server that says why it cannot serve is alive. Without such a text, the request may have
   * ended the server.
   */
  private static Failure unavailable(Status status) {
    if (!GrpcFailure.isServersOwn(status)) {
      return Failure.BROKEN;
    }
    return String.valueOf(status.getDescription()).startsWith(TIMED_OUT_TEXT)
        ? Failure.TIMED_OUT
        : Failure.UNAVAILABLE;
  }

  /** Whether the status says that nothing was done because there is no leader. */
  static boolean isNoLeader(Status status) {
    return NO_LEADER_TEXT.equals(status.getDescription());
  }

  /**
   * As {@link #toClient}, for a read. If gRPC refused the answer's size, the client is told to read
   * in pages.
   */
  static Status toReader(Status status) {
    return GrpcFailure.isTooLarge(status) ? ANSWER_TOO_LARGE : toClient(status);
  }

  /**
   * The status for the client: a server's own text stays, gRPC's text about a broken connection
   * becomes etcd's.
   */
  static Status toClient(Status status) {
    return status.getCode() == Code.UNAVAILABLE && !GrpcFailure.isServersOwn(status)
        ? CONNECTION_LOST
        : status;
  }
}
