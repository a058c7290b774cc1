package io.balsa.proxy;

import io.balsa.client.WriteNames;
import io.balsa.rpc.CallHeaders;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;

/** Prevents a request from passing more than one proxy, and so from going in a circle. */
final class ProxyLoopGuard {
  /** Removed, because the upstream call has no deadline: it ends when the client cancels. */
  private static final Metadata.Key<String> TIMEOUT = CallHeaders.text("grpc-timeout");

  static final Status REFUSAL =
      Status.FAILED_PRECONDITION.withDescription(
          "balsa: a proxy was reached through a proxy; its endpoints must be the servers'"
              + " addresses");

  private ProxyLoopGuard() {}

  /**
   * The headers of the proxy's own calls. They also ask whether servers understand names of writes.
   */
  static Metadata own() {
    Metadata own = onward(new Metadata());
    WriteNames.ask(own);
    return own;
  }

  /**
   * The headers of a client's request for the server. They say that a proxy passes it on, so that
   * the proxy's certificate never stands for a user.
   */
  static Metadata onward(Metadata headers) {
    Metadata onward = new Metadata();
    onward.merge(headers);
    onward.discardAll(TIMEOUT);
    onward.discardAll(CallHeaders.PROXY_HOPS);
    onward.discardAll(CallHeaders.CLIENT_ADDRESS); // a client does not choose it
    onward.put(CallHeaders.PROXY_HOPS, "1");
    return onward;
  }

  /** Whether a request has passed a proxy. */
  static boolean beenThrough(Metadata headers) {
    return headers.containsKey(CallHeaders.PROXY_HOPS);
  }

  static boolean isRefusal(Status status) {
    return status.getCode() == Code.FAILED_PRECONDITION
        && REFUSAL.getDescription().equals(status.getDescription());
  }
}
