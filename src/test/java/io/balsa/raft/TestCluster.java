package io.balsa.raft;

import io.balsa.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A cluster that runs from one seed, and checks thesis figure 3.2 after every step. */
final class TestCluster {
  record Letter(long from, long to, Message message) {}

  /** A waiting read, and the smallest read index that is correct. */
  private record Read(long server, long least) {}

  private record Chained(Entry entry, long termBefore) {}

  /** Far more rounds than any exchange without ticks needs. */
  private static final int SETTLING_ROUNDS_MAX = 5_000;

  final Random random;
  final Configuration configuration;
  final List<TestServer> servers = new ArrayList<>();
  final List<Letter> network = new ArrayList<>();
  final TreeSet<Long> cutLinks = new TreeSet<>();
  final List<String> transcript = new ArrayList<>();
  final TreeSet<String> kinds = new TreeSet<>();
  boolean recording;
  double loss;
  double doubling;

  private final TreeMap<Long, Long> leaders = new TreeMap<>();
  private final TreeMap<LogPosition, Chained> everAppended = new TreeMap<>(TestCluster::compare);
  final TreeMap<Long, Entry> committed = new TreeMap<>();
  private final TreeMap<Long, Read> reads = new TreeMap<>();
  private final TreeSet<Bytes> refused = new TreeSet<>();
  private final TreeSet<Bytes> applied = new TreeSet<>();
  private long numbers;
  long readsServed;
  long electionsSeen;

  TestCluster(long seed, Configuration configuration, RaftConfig bounds) {
    random = new Random(seed);
    this.configuration = configuration;
    List<Long> ids = new ArrayList<>(configuration.voters());
    ids.addAll(configuration.learners());
    ids.forEach(id -> servers.add(new TestServer(bounds.withSelf(id), configuration, this)));
  }

  static void check(boolean condition, String claim) {
    if (!condition) {
      throw new AssertionError("broken guarantee: " + claim);
    }
  }

  static <T> T present(@Nullable T value, String claim) {
    if (value == null) {
      throw new AssertionError("broken guarantee: " + claim);
    }
    return value;
  }

  private static int compare(LogPosition a, LogPosition b) {
    return a.index() != b.index()
        ? Long.compare(a.index(), b.index())
        : Long.compare(a.term(), b.term());
  }

  void record(TestServer server, Effect effect) {
    kinds.add(effect.getClass().getSimpleName());
    if (effect instanceof Effect.Send send) {
      kinds.add(send.message().getClass().getSimpleName());
    }
    if (recording) {
      transcript.add(server.id + ": " + effect);
    }
  }

  // The network.

  void send(TestServer from, long to, Message message) {
    if (random.nextDouble() < loss || isCut(from.id, to)) {
      return;
    }
    network.add(new Letter(from.id, to, message));
    if (random.nextDouble() < doubling) {
      network.add(new Letter(from.id, to, message));
    }
  }

  boolean isCut(long from, long to) {
    return cutLinks.contains(from * 100 + to);
  }

  void cut(long from, long to) {
    cutLinks.add(from * 100 + to);
  }

  /** Delivers one message: mostly the oldest one, sometimes another one. */
  void deliver(double disorder) {
    if (network.isEmpty()) {
      return;
    }
    int at = random.nextDouble() < disorder ? random.nextInt(network.size()) : 0;
    Letter letter = network.remove(at);
    if (!isCut(letter.from(), letter.to())) {
      server(letter.to()).step(new Input.Receive(letter.from(), letter.message()));
    }
  }

  TestServer server(long id) {
    return servers.stream().filter(server -> server.id == id).findFirst().orElseThrow();
  }

  TestServer any() {
    return servers.get(random.nextInt(servers.size()));
  }

  void tick(TestServer server) {
    server.step(new Input.Tick(random.nextInt(Integer.MAX_VALUE)));
  }

  /** Delivers all messages, forces all writes and applies all entries. */
  void settle() {
    boolean busy = true;
    for (int round = 0; busy; round++) {
      check(round < SETTLING_ROUNDS_MAX, "an exchange of messages ends");
      busy = !network.isEmpty();
      while (!network.isEmpty()) {
        deliver(0);
      }
      for (TestServer server : servers) {
        busy |= !server.writes.isEmpty() || !server.answers.isEmpty() || !server.commits.isEmpty();
        server.force(Integer.MAX_VALUE);
        for (int left = server.answers.size(); left > 0; left--) {
          server.step(server.answers.remove());
        }
        if (!server.commits.isEmpty()) {
          server.apply(Integer.MAX_VALUE);
        }
      }
    }
  }

  // Clients.

  long propose(TestServer server) {
    long batch = ++numbers;
    server.step(new Input.Propose(batch, List.of(command(batch))));
    return batch;
  }

  static Bytes command(long batch) {
    return Bytes.wrap(ByteBuffer.allocate(8).putLong(batch).array());
  }

  void read(TestServer server) {
    if (server.raft != null) {
      long id = ++numbers;
      reads.put(id, new Read(server.id, committed.isEmpty() ? 0 : committed.lastKey()));
      server.step(new Input.ReadIndex(id));
    }
  }

  void readReady(TestServer server, long id, long index) {
    Read read = present(reads.remove(id), "a read is answered once");
    check(read.server() == server.id, "a read is answered where it was asked");
    check(index >= read.least(), "a read sees everything acknowledged before it");
    readsServed++;
  }

  void readFailed(long id) {
    check(reads.remove(id) != null, "a read is answered once");
  }

  void forgetReads(TestServer crashed) {
    reads.values().removeIf(read -> read.server() == crashed.id);
  }

  int readsWaiting() {
    return reads.size();
  }

  void refused(long batch) {
    refused.add(command(batch));
  }

  // Guarantees.

  void stepped(TestServer server) {
    RaftStatus status = server.raft == null ? null : server.raft.status();
    if (status != null && status.role() == Role.LEADER) {
      Long other = leaders.putIfAbsent(status.term(), server.id);
      check(other == null || other == server.id, "election safety");
      if (other == null) {
        electionsSeen++;
        committed
            .tailMap(server.log.isEmpty() ? Long.MAX_VALUE : server.log.firstKey(), true)
            .values()
            .forEach(
                entry -> check(entry.equals(server.log.get(entry.index())), "leader completeness"));
      }
    }
  }

  void appended(TestServer server, List<Entry> entries) {
    for (Entry entry : entries) {
      Entry before = server.log.get(entry.index() - 1);
      long termBefore = before != null ? before.term() : server.start.term();
      if (before == null && server.start.index() != entry.index() - 1) {
        continue;
      }
      Chained old = everAppended.putIfAbsent(entry.position(), new Chained(entry, termBefore));
      check(old == null || old.equals(new Chained(entry, termBefore)), "log matching");
    }
  }

  void committed(TestServer server, Entry entry) {
    Entry old = committed.putIfAbsent(entry.index(), entry);
    check(old == null || old.equals(entry), "state machine safety");
    if (old == null) {
      long holders = servers.stream().filter(each -> isVoter(each) && each.holds(entry)).count();
      check(
          holders > configuration.voters().size() / 2,
          "committed entries are on the disks of a majority");
      check(server.holds(entry), "applied entries are durable here");
      check(!refused.contains(entry.payload()), "refused commands are never applied");
      check(entry.payload().isEmpty() || applied.add(entry.payload()), "a command is applied once");
    }
  }

  private boolean isVoter(TestServer server) {
    return configuration.voters().contains(server.id);
  }

  @Nullable TestServer leader() {
    return servers.stream()
        .filter(server -> server.raft != null && server.raft.status().role() == Role.LEADER)
        .max((a, b) -> Long.compare(status(a).term(), status(b).term()))
        .orElse(null);
  }

  static RaftStatus status(TestServer server) {
    return present(server.raft, "the server runs").status();
  }
}
