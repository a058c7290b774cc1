package io.balsa.proxy;

import io.balsa.client.Endpoint;
import io.balsa.routing.RetryRule.Failure;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether and when a stream resumes after its server ended it. A stream may be what ends
 * the servers. So when two servers break soon after they took it, it does not resume.
 */
final class Resumption {
  /** What the proxy does next. */
  enum Next {
    TELL,
    AT_ONCE,
    LATER
  }

  private static final int STRIKES_MAX = 2;
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int DOUBLINGS_MAX = 6;

  /** The most tries in a row in which servers take the stream and end it without a message. */
  private static final int VAIN_MAX = 20;

  private long begunNanos;
  private int strikes;
  private int vain;
  private @Nullable Endpoint failed;

  /** A server has the stream. */
  void begins() {
    begunNanos = System.nanoTime();
  }

  /** That server has sent a message. */
  void heard() {
    vain = 0;
    failed = null;
  }

  /** The server that failed last. It is tried after the others. Null for none. */
  @Nullable Endpoint failed() {
    return failed;
  }

  void failedAt(Endpoint endpoint) {
    failed = endpoint;
  }

  /**
   * Decides.
   *
   * @param sent whether the stream may have reached the server
   * @param served whether any server has sent a message on it
   */
  Next after(Endpoint at, Status status, boolean sent, boolean served) {
    failed = at;
    Failure kind = ProxyErrors.failure(status, sent);
    boolean soon = System.nanoTime() - begunNanos < SOON_NANOS;
    if (!soon) {
      strikes = 0;
    } else if (kind == Failure.BROKEN) {
      strikes++;
    }
    vain++;
    if (strikes >= STRIKES_MAX || !isResumable(kind, status, served) || (sent && vain > VAIN_MAX)) {
      return Next.TELL;
    }
    return vain == 1 ? Next.AT_ONCE : Next.LATER;
  }

  private static boolean isResumable(Failure kind, Status status, boolean served) {
    return switch (kind) {
      case UNAVAILABLE, BROKEN, NOT_LEADER, TIMED_OUT -> !ProxyLoopGuard.isRefusal(status);
      case ANSWERED ->
          switch (status.getCode()) {
            case OK, CANCELLED, INTERNAL, ABORTED, RESOURCE_EXHAUSTED, DATA_LOSS -> served;
            default -> false;
          };
    };
  }

  /** How long to wait before the next try. */
  long pauseNanos() {
    return PAUSE_NANOS << Math.min(vain, DOUBLINGS_MAX);
  }
}
