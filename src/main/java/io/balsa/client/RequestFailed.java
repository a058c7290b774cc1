package io.balsa.client;

import io.balsa.rpc.GrpcFailure;
import io.grpc.Status;

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

  /** The status that the server sent, or gRPC's own when no answer came. */
  public Status status() {
    return status;
  }

  /** Whether a server may have performed the request, or may still perform it. */
  public boolean maybeDone() {
    return maybeDone;
  }
}
