package io.balsa.client;

import io.balsa.rpc.GrpcFailure;
import io.grpc.Status;

/** A request that was not answered as hoped. */
public final class RequestFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Status status;
  private final boolean maybeDone;

  RequestFailed(Status status, boolean maybeDone) {
    super(GrpcFailure.textWithCause(status), status.getCause());
    this.status = status;
    this.maybeDone = maybeDone;
  }

  /** The code and text that came, or gRPC's own where nothing came. */
  public Status status() {
    return status;
  }

  /** Whether a server may have done, or may yet do, what was asked. */
  public boolean maybeDone() {
    return maybeDone;
  }
}
