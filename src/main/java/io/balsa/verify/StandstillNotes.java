package io.balsa.verify;

import io.balsa.processes.Awaiting;
import io.balsa.processes.Workers;
import io.balsa.verify.AccessJudge.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Notes when this process stood still: what it measured then was not the servers' delay. */
final class StandstillNotes implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(50);
  private static final long STILL_NANOS = Duration.ofMillis(300).toNanos();

  private final List<Span> spans = new ArrayList<>();
  private final Workers workers = Workers.start("standstills", 1, _ -> look());
  private volatile boolean closed;

  private void look() {
    long before = System.nanoTime();
    while (!closed) {
      Awaiting.pause(STEP);
      long now = System.nanoTime();
      if (now - before > STILL_NANOS) {
        note(new Span(before, now));
      }
      before = now;
    }
  }

  private synchronized void note(Span span) {
    spans.add(span);
  }

  synchronized List<Span> spans() {
    return List.copyOf(spans);
  }

  @Override
  public void close() {
    closed = true;
    workers.join();
  }
}
