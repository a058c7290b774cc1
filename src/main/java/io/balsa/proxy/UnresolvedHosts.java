package io.balsa.proxy;

import io.balsa.logging.LogEvent;
import io.balsa.rpc.GrpcFailure;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Logs each endpoint whose host name cannot be resolved, once a minute. */
final class UnresolvedHosts {
  private static final LogEvent UNRESOLVED =
      LogEvent.warn(
          "io.balsa.proxy",
          "the host of an endpoint cannot be resolved, it is tried again",
          "check its spelling and the name service");

  private static final long BETWEEN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Map<String, Long> said = new HashMap<>();

  /** Looks for such failures. Must be called regularly. */
  void look(List<Status> failures, long nowNanos) {
    for (Status failure : failures) {
      String host = GrpcFailure.unresolvedHost(failure);
      if (host != null) {
        say(host, nowNanos);
      }
    }
  }

  private void say(String host, long nowNanos) {
    Long last = said.get(host);
    if (last == null || nowNanos - last >= BETWEEN_NANOS) {
      said.put(host, nowNanos);
      UNRESOLVED.log("host", host);
    }
  }
}
