package io.balsa.node.apply;

import io.balsa.host.Clock;
import io.balsa.model.Result;
import java.util.function.Predicate;

/**
 * Says whether to apply the next entry before the applied entries are answered. A chunk ends when
 * the answers take too much memory or some time has passed. So the client that wrote one key does
 * not wait for large transactions behind it.
 */
final class ChunkLimit implements Predicate<Result> {
  /** A chunk ends after this time, when the entry under way is applied. */
  static final long NANOS_MAX = 20_000_000;

  private final Clock clock;
  private final long started;
  private final long bytesMax;
  private long bytes;

  ChunkLimit(Clock clock, long bytesMax) {
    this.clock = clock;
    this.started = clock.nanos();
    this.bytesMax = bytesMax;
  }

  @Override
  public boolean test(Result result) {
    bytes += result.builtBytes();
    return bytes < bytesMax && clock.nanos() - started < NANOS_MAX;
  }
}
