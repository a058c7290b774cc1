package io.balsa.client;

import io.grpc.Status;

/** A request that was not answered as hoped. */
public final class RequestFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Status status;
  private final boolean maybeDone;

  RequestFailed(Status status, boolean maybeDone) {
    super(text(status), status.getCause());
    this.status = status;
    this.maybeDone = maybeDone;
  }

  private static String text(Status status) {
    String description = status.getDescription();
    Throwable root = status.getCause();
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    String detail = root == null || root.getMessage() == null ? "" : " (" + root.getMessage() + ")";
    return (description == null ? status.getCode().toString() : description) + detail;
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
