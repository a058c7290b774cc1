package io.balsa.client;

import io.balsa.bytes.HostPort;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a server-streaming call. Each is requested when the caller wants it. Must be
 * closed.
 */
public final class Answers<A> implements AutoCloseable {
  private final BlockingClientCall<?, A> call;
  private final List<HostPort> asked;

  Answers(BlockingClientCall<?, A> call, HostPort server) {
    this.call = call;
    this.asked = List.of(server);
  }

  /**
   * Waits for the next answer.
   *
   * @return null when there are no more
   */
  public @Nullable A next() throws RequestFailed {
    return next(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Waits for the next answer. Fails with DEADLINE_EXCEEDED after the limit.
   *
   * @return null when there are no more
   */
  public @Nullable A next(Duration limit) throws RequestFailed {
    try {
      return call.read(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (StatusException e) {
      throw new RequestFailed(e.getStatus(), false, asked);
    } catch (TimeoutException _) {
      String waited = "no answer within " + limit.toMillis() + " ms";
      throw new RequestFailed(Status.DEADLINE_EXCEEDED.withDescription(waited), false, asked);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RequestFailed(Status.CANCELLED.withDescription("interrupted"), false);
    }
  }

  /** Cancels the call. */
  @Override
  public void close() {
    call.cancel("the caller wants no more answers", null);
  }
}
