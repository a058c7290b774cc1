package io.balsa.client;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The answers of a call that has many, each asked for when it is wanted. To be closed. */
public final class Answers<A> implements AutoCloseable {
  private final BlockingClientCall<?, A> call;

  Answers(BlockingClientCall<?, A> call) {
    this.call = call;
  }

  /**
   * Waits for the next one.
   *
   * @return null when there are no more
   */
  public @Nullable A next() throws RequestFailed {
    return next(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Waits for the next one; fails with DEADLINE_EXCEEDED when it takes longer.
   *
   * @return null when there are no more
   */
  public @Nullable A next(Duration limit) throws RequestFailed {
    try {
      return call.read(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (StatusException e) {
      throw new RequestFailed(e.getStatus(), false);
    } catch (TimeoutException _) {
      String waited = "no answer within " + limit.toMillis() + " ms";
      throw new RequestFailed(Status.DEADLINE_EXCEEDED.withDescription(waited), false);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RequestFailed(Status.CANCELLED.withDescription("interrupted"), false);
    }
  }

  /** Wants no more of them. */
  @Override
  public void close() {
    call.cancel("no more is wanted", null);
  }
}
