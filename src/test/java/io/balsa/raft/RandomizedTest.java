package io.balsa.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.balsa.house.SharesCores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Under random faults the guarantees hold; after the faults the cluster works. */
@SharesCores
class RandomizedTest {
  private static final int SEEDS = Integer.getInteger("raft.seeds", 300);
  private static final int FIRST_SEED = Integer.getInteger("raft.seed", 1);
  private static final int STEPS = 4_000;

  @Test
  void theThesisPromisesHoldUnderEveryFault() {
    long reads = 0;
    long commits = 0;
    long elections = 0;
    TreeSet<String> kinds = new TreeSet<>();
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      World world = new World(seed);
      assertThatCode(world::run).as("seed %d", seed).doesNotThrowAnyException();
      reads += world.cluster.readsServed;
      commits += world.cluster.committed.size();
      elections += world.cluster.electionsSeen;
      kinds.addAll(world.cluster.kinds);
    }
    assertThat(reads).isGreaterThan(20L * SEEDS);
    assertThat(commits).isGreaterThan(50L * SEEDS);
    assertThat(elections).isGreaterThan(2L * SEEDS);
    assertThat(kinds).containsAll(names(Effect.class)).containsAll(names(Message.class));
  }

  /**
   * All messages, inputs and effects that must occur: a test in which one never happens proves
   * nothing. No server sends incredible messages here, and no disk loses what it forced.
   */
  private static List<String> names(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .filter(kind -> kind != Effect.Disbelieved.class && kind != Effect.EntryLost.class)
        .map(Class::getSimpleName)
        .toList();
  }

  /** The faults of one seed; each kind is off in half of all worlds. */
  private static final class World {
    private final Random random;
    private final TestCluster cluster;
    private final double disorder;
    private final double crash;
    private final double partition;
    private final double heal;
    private final double linkEvents;
    private final double compaction;
    private final double stall;
    private final double transfer;
    private final double force;

    World(long seed) {
      random = new Random(seed * 7919);
      cluster = new TestCluster(seed, configuration(), bounds());
      disorder = swarm(0.3);
      cluster.loss = swarm(0.2);
      cluster.doubling = swarm(0.2);
      crash = swarm(0.004);
      partition = swarm(0.004);
      heal = 0.01;
      linkEvents = swarm(0.02);
      compaction = swarm(0.02);
      stall = swarm(0.002);
      transfer = swarm(0.004);
      force = random.nextBoolean() ? 0.3 : 0.05;
    }

    private double swarm(double max) {
      return random.nextBoolean() ? 0 : random.nextDouble() * max;
    }

    private Configuration configuration() {
      return switch (random.nextInt(6)) {
        case 0 -> Configuration.of(List.of(1L));
        case 1 -> Configuration.of(List.of(1L, 2L, 3L, 4L, 5L));
        case 2 -> new Configuration(List.of(1L, 2L, 3L), List.of(), List.of(4L));
        default -> Configuration.of(List.of(1L, 2L, 3L));
      };
    }

    private RaftConfig bounds() {
      long small = 200L + random.nextInt(2000);
      int message = 60 + random.nextInt(300);
      return RaftConfig.defaults(1)
          .withTicks(20, 2)
          .withMessageBytes(message)
          .withInflightMessages(1 + random.nextInt(8))
          .withInflightBytes(2L * message)
          .withUncommittedBytes(4 * small)
          .withUnappliedBytes(small)
          .withRecentBytes(small)
          .withChunkBytes(16);
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        happen();
      }
      heal();
      mustWork();
    }

    private void happen() {
      TestServer server = cluster.any();
      double dice = random.nextDouble();
      if (dice < 0.12) {
        cluster.tick(server);
      } else if (dice < 0.60) {
        cluster.deliver(disorder);
      } else if (dice < 0.60 + force) {
        server.force(1 + random.nextInt(3));
      } else if (dice < 0.92) {
        if (!server.answers.isEmpty()) {
          server.step(server.answers.remove());
        }
        if (random.nextBoolean()) {
          server.apply(1 + random.nextInt(4));
        }
      } else if (dice < 0.96) {
        cluster.propose(random.nextBoolean() ? server : leaderOr(server));
      } else {
        cluster.read(server);
      }
      faults(server);
      while (cluster.network.size() > 300) {
        cluster.network.remove(random.nextInt(cluster.network.size()));
      }
    }

    private TestServer leaderOr(TestServer server) {
      TestServer leader = cluster.leader();
      return leader == null ? server : leader;
    }

    private void faults(TestServer server) {
      if (random.nextDouble() < crash && server.raft != null) {
        server.crash();
        cluster.forgetReads(server);
        others(server).forEach(other -> maybe(other, new Input.Suspect(server.id)));
      } else if (random.nextDouble() < 0.02 && server.raft == null) {
        restart(server);
      }
      if (random.nextDouble() < partition) {
        isolate(server);
      } else if (random.nextDouble() < heal) {
        cluster.cutLinks.clear();
      }
      if (random.nextDouble() < linkEvents) {
        TestServer peer = cluster.any();
        server.step(
            random.nextBoolean() ? new Input.Suspect(peer.id) : new Input.Connected(peer.id));
      }
      if (random.nextDouble() < compaction) {
        server.flush();
        server.compact();
      }
      if (random.nextDouble() < stall) {
        server.step(random.nextInt(3) == 0 ? new Input.DiskStalled() : new Input.DiskRecovered());
      }
      if (random.nextDouble() < transfer) {
        leaderOr(server).step(new Input.TransferLeadership(random.nextInt(4)));
      }
    }

    private void maybe(TestServer server, Input input) {
      if (random.nextBoolean()) {
        server.step(input);
      }
    }

    private void restart(TestServer server) {
      server.restart();
      for (TestServer other : others(server)) {
        other.step(new Input.Connected(server.id));
        server.step(new Input.Connected(other.id));
      }
    }

    private List<TestServer> others(TestServer server) {
      List<TestServer> others = new ArrayList<>(cluster.servers);
      others.remove(server);
      return others;
    }

    private void isolate(TestServer server) {
      boolean oneWay = random.nextBoolean();
      for (TestServer other : others(server)) {
        if (random.nextInt(3) > 0) {
          cluster.cut(server.id, other.id);
          if (!oneWay) {
            cluster.cut(other.id, server.id);
          }
        }
      }
    }

    private void heal() {
      cluster.loss = 0;
      cluster.doubling = 0;
      cluster.cutLinks.clear();
      for (TestServer server : cluster.servers) {
        if (server.raft == null) {
          restart(server);
        }
        server.step(new Input.DiskRecovered());
      }
    }

    /** Ten election timeouts are enough for a leader, one more for everything else. */
    private void mustWork() {
      run(10 * 2 * 20);
      TestServer leader = TestCluster.present(cluster.leader(), "a leader is elected");
      long elections = cluster.electionsSeen;
      cluster.propose(leader);
      cluster.servers.forEach(cluster::read);
      long served = cluster.readsServed;
      run(60);
      TestCluster.check(cluster.readsWaiting() == 0, "no read hangs");
      TestCluster.check(cluster.readsServed >= served, "reads are served");
      TestCluster.check(cluster.electionsSeen == elections, "leadership is stable");
      long last = cluster.committed.lastKey();
      for (TestServer server : cluster.servers) {
        RaftStatus status = TestCluster.status(server);
        TestCluster.check(status.leader() == leader.id, "all know the leader");
        TestCluster.check(status.last().index() == last, "all logs are alike");
        TestCluster.check(status.commitIndex() == last, "all is committed everywhere");
        TestCluster.check(server.machine.equals(leader.machine), "all states are alike");
        TestCluster.check(server.machine.position().index() == last, "all is applied everywhere");
      }
    }

    private void run(int ticks) {
      for (int i = 0; i < ticks; i++) {
        cluster.servers.forEach(cluster::tick);
        cluster.settle();
      }
    }
  }
}
