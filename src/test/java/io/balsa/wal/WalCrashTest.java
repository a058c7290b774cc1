package io.balsa.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.balsa.house.SharesCores;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Recovered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a log: written, overwritten, compacted, reset, and cut off at any moment on a
 * disk that keeps any subset of what was not forced.
 */
@SharesCores
class WalCrashTest {
  private static final int SEEDS = 600;

  @Test
  void kb31Kb36Kb38Kb40Kb41ACrashLosesNothingForcedAndInventsNothing() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Life life = new Life(seed);
      assertThatCode(life::live).as("seed %d", seed).doesNotThrowAnyException();
    }
  }

  private static final class Life {
    private final Random random;
    private final MemoryDisk disk;
    private final RandomBatches script;
    private final WalConfig config;

    /** What the log may hold: one state while it runs, after a crash maybe that of a torn batch. */
    private List<ModelLog> possible = new ArrayList<>(List.of(new ModelLog(RandomBatches.FIRST)));

    private long start;
    private long startMax;
    private long boot;

    Life(long seed) {
      random = new Random(seed);
      disk = new MemoryDisk(seed);
      config = new WalConfig(4096 << random.nextInt(3), random.nextInt(3) * 2_000L);
      script = new RandomBatches(random, 3_000 << random.nextInt(3));
    }

    void live() throws IOException {
      for (int run = 0; run < 12; run++) {
        if (random.nextInt(4) > 0) {
          disk.cutPowerIn(random.nextInt(60));
        }
        try {
          run(open());
          disk.restart();
        } catch (MemoryDisk.PowerCut _) {
          if (random.nextInt(4) > 0) {
            disk.powerCut();
          } else {
            disk.restart();
          }
        }
      }
      disk.restart();
      open().close();
    }

    private Wal open() throws IOException {
      Wal wal = Wal.open(disk, "wal", config, RandomBatches.IDENTITY, RandomBatches.FIRST);
      assertThat(wal.identity().boot()).isGreaterThan(boot);
      assertThat(wal.identity().disk()).isEqualTo(RandomBatches.IDENTITY.disk());
      boot = wal.identity().boot();
      ModelLog found = settle(wal);
      start = wal.recovered().start().index();
      startMax = start;
      script.committedAtMost(found.last().index());
      return wal;
    }

    /** Finds which of the possible states was recovered; from now on it is the only one. */
    private ModelLog settle(Wal wal) throws IOException {
      Recovered recovered = wal.recovered();
      List<Entry> read = wal.read(recovered.start().index() + 1, Long.MAX_VALUE, Integer.MAX_VALUE);
      long at = recovered.start().index();
      for (ModelLog log : possible) {
        if (at >= start
            && at <= Math.max(startMax, log.base())
            && at <= log.last().index()
            && withoutRecent(recovered).equals(log.recovered(Math.max(at, log.base())))
            && read.equals(log.between(at, Long.MAX_VALUE))
            && log.endsWith(recovered.recent())) {
          possible = new ArrayList<>(List.of(log));
          return log;
        }
      }
      throw new AssertionError("recovered what was never written or no longer all: " + recovered);
    }

    private void run(Wal wal) throws IOException {
      for (int step = random.nextInt(40); step > 0; step--) {
        switch (random.nextInt(8)) {
          case 0 -> wal.prepareSpare();
          case 1 -> compact(wal);
          case 2 -> readSome(wal);
          default -> write(wal);
        }
      }
      if (random.nextBoolean()) {
        wal.close();
      }
    }

    private void write(Wal wal) throws IOException {
      ModelLog after = possible.getFirst().copy();
      List<Effect> effects = script.batch(after);
      possible.add(after);
      wal.write(effects);
      possible = new ArrayList<>(List.of(after));
      start = Math.max(start, after.base());
      startMax = Math.max(startMax, start);
    }

    private void compact(Wal wal) throws IOException {
      startMax = Math.max(startMax, script.committed());
      long before = wal.sizeBytes();
      start = wal.compact(script.committed());
      assertThat(start).isBetween(possible.getFirst().base(), startMax);
      assertThat(wal.sizeBytes()).isLessThanOrEqualTo(before);
      startMax = start;
    }

    private void readSome(Wal wal) throws IOException {
      ModelLog log = possible.getFirst();
      long from = 1 + random.nextLong(log.last().index() + 2);
      long to = from + random.nextLong(10);
      int bytesMax = random.nextInt(2_000);
      List<Entry> read = wal.read(from, to, bytesMax);
      if (from <= start) {
        assertThat(read).isEmpty();
        return;
      }
      List<Entry> expected = log.between(from - 1, to);
      assertThat(read).isEqualTo(expected.subList(0, read.size()));
      long bytes = read.stream().mapToLong(Entry::bytes).sum();
      assertThat(read.size() <= 1 || bytes <= bytesMax).isTrue();
      assertThat(
              read.size() == expected.size()
                  || bytes + expected.get(read.size()).bytes() > bytesMax)
          .isTrue();
    }

    private static Recovered withoutRecent(Recovered recovered) {
      return new Recovered(
          recovered.term(),
          recovered.votedFor(),
          recovered.start(),
          recovered.terms(),
          recovered.configurations(),
          List.of(),
          recovered.last(),
          recovered.applied());
    }
  }
}
