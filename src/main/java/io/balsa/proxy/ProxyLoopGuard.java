package io.balsa.proxy;

import io.balsa.client.WriteNames;
import io.balsa.rpc.CallHeaders;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;

/** Keeps a request from going through more than one proxy, or round in a circle. */
final class ProxyLoopGuard {
  private static final Metadata.Key<String> KEY = CallHeaders.text("balsa-proxy-hops");

  /** The upstream call has no deadline of its own: the client's cancels it. */
  private static final Metadata.Key<String> TIMEOUT = CallHeaders.text("grpc-timeout");

  static final Status REFUSAL =
      Status.FAILED_PRECONDITION.withDescription(
          "balsa: a proxy was reached through a proxy; its endpoints must be the servers'"
              + " addresses");

  private ProxyLoopGuard() {}

  /** The headers of a proxy's own question, which asks about names of writes as well. */
  static Metadata own() {
    Metadata own = onward(new Metadata());
    WriteNames.ask(own);
    return own;
  }

  /** The headers of a client's request, as they go on. */
  static Metadata onward(Metadata headers) {
    Metadata onward = new Metadata();
    onward.merge(headers);
    onward.discardAll(TIMEOUT);
    onward.put(KEY, "1");
    return onward;
  }

  /** Whether a request has been through a proxy. */
  static boolean beenThrough(Metadata headers) {
    return headers.containsKey(KEY);
  }

  static boolean isRefusal(Status status) {
    return status.getCode() == Code.FAILED_PRECONDITION
        && REFUSAL.getDescription().equals(status.getDescription());
  }
}
