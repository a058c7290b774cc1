package io.balsa.budget;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

public class HeapMarkTest {
  private static final int MIB = 1 << 20;

  private final HandClock clock = new HandClock();
  private final AtomicLong survivors = new AtomicLong();
  private final AtomicInteger collections = new AtomicInteger();
  private final HeapMark heap =
      new HeapMark(survivors::get, 100, clock, collections::incrementAndGet);

  @Test
  void aboveTheMarkLargeReadsAreRefusedUntilItIsBelowAgain() {
    heap.look();
    assertThat(heap.admits()).isTrue();
    survivors.set(101);
    heap.look();
    assertThat(heap.admits()).isFalse();
    assertThat(heap.refused()).isEqualTo(1);
    clock.pass(1_000);
    assertThat(heap.isPassed()).isTrue();
    survivors.set(100);
    clock.pass(1_000);
    assertThat(heap.admits()).isTrue();
    assertThat(clock.rests()).as("no timer while there is room").isTrue();
    assertThat(collections).hasValue(0);
  }

  /** Without large reads there may be no collection, and so no news, for long. */
  @Test
  void aCollectionIsAskedForMoreAndMoreRarelyWhileItIsPassed() {
    survivors.set(101);
    heap.look();
    heap.look();
    clock.pass(4_900);
    assertThat(collections).hasValue(0);
    clock.pass(10_600);
    assertThat(collections).hasValue(2);
    clock.pass(20_000);
    assertThat(collections).hasValue(3);
  }

  @Test
  void theJvmTellsWhenTheMarkIsPassed() throws Exception {
    MemoryPoolMXBean old =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(MemoryPoolMXBean::isUsageThresholdSupported)
            .filter(pool -> pool.getName().equals("Tenured Gen"))
            .findFirst()
            .orElseThrow();
    HeapMark real = HeapMark.ofProcess(50);
    List<byte[]> live = new ArrayList<>();
    System.gc();
    for (long bytes = old.getUsage().getMax() / 100 * 75 - old.getUsage().getUsed(); bytes > 0; ) {
      live.add(new byte[16 * MIB]);
      bytes -= 16 * MIB;
    }
    System.gc();
    until(real::isPassed);
    assertThat(live).isNotEmpty();
    live.clear();
    until(() -> !real.isPassed()); // it asks for the collection itself
  }

  @Test
  void withoutAMarkNothingIsRefused() {
    assertThat(HeapMark.ofProcess(0).admits()).isTrue();
    assertThat(HeapMark.NONE.isPassed()).isFalse();
  }

  /** A mark that is passed and stays so. */
  public static HeapMark passed() {
    HeapMark mark = new HeapMark(() -> 2, 1, new HandClock(), () -> {});
    mark.look();
    return mark;
  }
}
