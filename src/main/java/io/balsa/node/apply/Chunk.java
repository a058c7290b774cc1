package io.balsa.node.apply;

import io.balsa.host.Clock;
import io.balsa.model.Result;
import java.util.function.Predicate;

/**
 * How long to go on applying before those are answered whose entries are applied: until the answers
 * take too much memory, or some time has passed, so that who wrote one key does not wait for large
 * transactions behind it.
 */
final class Chunk implements Predicate<Result> {
  /** After so long it ends; an entry under way is finished. */
  static final long NANOS_MAX = 20_000_000;

  private final Clock clock;
  private final long started;
  private final long bytesMax;
  private long bytes;

  Chunk(Clock clock, long bytesMax) {
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
