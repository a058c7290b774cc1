package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest.FilterType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Random watches over random writes, at a real etcd and at Balsa: every watch is told the same by
 * both. Live wherever etcd is installed.
 */
class WatchOracleTest {
  private static final int STEPS = Integer.getInteger("balsa.oracle.watch.steps", 400);
  private static final Duration ETCD_PASS = Duration.ofMillis(150);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Test
  void watchesAreToldWhatEtcdTells() throws IOException {
    Optional<Path> program = EtcdProcess.installed();
    if (program.isEmpty()) {
      assertThat(System.getenv("CI")).as("CI compares with a real etcd: install one").isNull();
      return;
    }
    long first = Long.getLong("balsa.oracle.seed", 100);
    for (long seed = first; seed < first + Integer.getInteger("balsa.oracle.seeds", 2); seed++) {
      try (EtcdProcess process = EtcdProcess.start(program.get());
          OneServer one = OneServer.start();
          Party etcd = new Party(process.port());
          Party balsa = new Party(one.port());
          WatchParty etcdWatches = new WatchParty(process.port());
          WatchParty balsaWatches = new WatchParty(one.port())) {
        new Run(seed, etcd, balsa, etcdWatches, balsaWatches).run();
      }
    }
  }

  private record Run(
      long seed,
      Party etcd,
      Party balsa,
      WatchParty etcdWatches,
      WatchParty balsaWatches,
      Random random,
      StepDice dice) {
    Run(long seed, Party etcd, Party balsa, WatchParty etcdWatches, WatchParty balsaWatches) {
      this(seed, etcd, balsa, etcdWatches, balsaWatches, new Random(seed), new StepDice(seed));
    }

    void run() {
      long revision = 1;
      for (int i = 0; i < STEPS; i++) {
        if (random.nextInt(6) == 0) {
          WatchCreateRequest request = request(revision);
          etcdWatches.create(request);
          balsaWatches.create(request);
          awaitPast();
          agree(i);
        } else if (random.nextInt(12) == 0) {
          long id = random.nextInt(12);
          etcdWatches.cancel(id);
          balsaWatches.cancel(id);
          agree(i);
        } else {
          Step step = dice.next();
          if (step.rpc() == Rpc.COMPACT) {
            agree(i);
          }
          String answer = etcd.ask(step);
          dice.saw(step, answer);
          revision = Math.max(revision, Party.revisionIn(answer));
          assertThat(balsa.ask(step)).as("seed %d: %s", seed, step).isEqualTo(answer);
        }
      }
      agree(STEPS);
    }

    /** etcd tells the past within a tenth of a second; what comes after must not mix with it. */
    private static void awaitPast() {
      long end = System.nanoTime() + ETCD_PASS.toNanos();
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
    }

    private void agree(int step) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      String expected = etcdWatches.story();
      String actual = balsaWatches.story();
      while (!actual.equals(expected) && System.nanoTime() < end) {
        LockSupport.parkNanos(2_000_000);
        expected = etcdWatches.story();
        actual = balsaWatches.story();
      }
      assertThat(actual).as("seed %d, step %d", seed, step).isEqualTo(expected);
    }

    private WatchCreateRequest request(long revision) {
      WatchCreateRequest.Builder request =
          WatchCreateRequest.newBuilder()
              .setKey(random.nextInt(20) == 0 ? ByteString.EMPTY : key())
              .setRangeEnd(
                  switch (random.nextInt(4)) {
                    case 0 -> ByteString.copyFrom(new byte[1]);
                    case 1 -> key();
                    default -> ByteString.EMPTY;
                  })
              .setPrevKv(random.nextInt(3) == 0)
              .setFragment(random.nextInt(5) == 0)
              .setWatchId(random.nextInt(4) == 0 ? 1 + random.nextInt(12) : 0);
      switch (random.nextInt(4)) {
        case 0 -> request.setStartRevision(revision + random.nextInt(4));
        case 1 -> request.setStartRevision(Math.max(1, revision - random.nextInt(20)));
        default -> request.clearStartRevision();
      }
      if (random.nextInt(5) == 0) {
        request.addFilters(random.nextBoolean() ? FilterType.NOPUT : FilterType.NODELETE);
      }
      return request.build();
    }

    private ByteString key() {
      String[] keys = {"a", "aa", "ab", "b", "b\0", "c"};
      return ByteString.copyFromUtf8(keys[random.nextInt(keys.length)]);
    }
  }
}
