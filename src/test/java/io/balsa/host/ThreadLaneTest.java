package io.balsa.host;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ThreadLaneTest {
  private final CompletableFuture<Throwable> thrown = new CompletableFuture<>();

  @Test
  void tasksRunInOrderOnOneNamedThread() throws InterruptedException {
    ThreadLane lane = lane();
    List<Integer> seen = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      lane.run(() -> seen.add(number));
    }
    List<String> names = new ArrayList<>();
    lane.run(() -> names.add(Thread.currentThread().getName()));
    lane.run(done::countDown);
    assertThat(done.await(10, SECONDS)).isTrue();
    assertThat(seen).hasSize(10_000).isSorted();
    assertThat(names).containsExactly("test-lane");
    lane.close();
  }

  @Test
  void delayedTasksComeInTheOrderOfTheirTimes() throws InterruptedException {
    ThreadLane lane = lane();
    ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(1);
    long start = System.nanoTime();
    lane.after(MILLISECONDS.toNanos(60), () -> seen.add("later"));
    lane.after(MILLISECONDS.toNanos(20), () -> seen.add("sooner"));
    lane.after(MILLISECONDS.toNanos(60), done::countDown);
    lane.run(() -> seen.add("now"));
    assertThat(done.await(10, SECONDS)).isTrue();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(60));
    assertThat(seen).containsExactly("now", "sooner", "later");
    lane.close();
  }

  @Test
  void aClosedLaneDropsWhatHasNotBegun() throws InterruptedException {
    ThreadLane lane = lane();
    CountDownLatch closed = new CountDownLatch(1);
    ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    lane.run(
        () -> {
          lane.run(() -> seen.add("waiting"));
          lane.close();
          lane.run(() -> seen.add("too late"));
          closed.countDown();
        });
    lane.run(() -> seen.add("in the same breath"));
    assertThat(closed.await(10, SECONDS)).isTrue();
    assertThat(seen).isEmpty();
  }

  @Test
  void kb108WhatATaskThrowsIsToldAndEndsTheLane() {
    ThreadLane lane = lane();
    lane.run(
        () -> {
          throw new AssertionError("boom");
        });
    assertThat(thrown.join()).hasMessage("boom");
  }

  private ThreadLane lane() {
    return new ThreadLane("test-lane", thrown::complete);
  }
}
