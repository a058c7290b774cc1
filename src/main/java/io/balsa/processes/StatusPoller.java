package io.balsa.processes;

import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Polls the status of every server, and reports each new leader at once. */
public final class StatusPoller implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMillis(300);

  private final ClusterProcesses cluster;
  private final Duration step;
  private final Consumer<LeaderSeen> led;
  private final AtomicReferenceArray<@Nullable StatusResponse> latest;
  private final List<Thread> threads;
  private volatile boolean closed;
  private long termLed;

  /**
   * A new leader.
   *
   * @param nanos when its status was read, by {@link System#nanoTime}
   */
  public record LeaderSeen(int server, long term, long nanos) {}

  public StatusPoller(ClusterProcesses cluster, Duration step, Consumer<LeaderSeen> led) {
    this.cluster = cluster;
    this.step = step;
    this.led = led;
    this.latest = new AtomicReferenceArray<>(cluster.size() + 1);
    this.threads =
        cluster.numbers().stream()
            .map(n -> Thread.ofVirtual().name("poll-" + n).start(() -> poll(n)))
            .toList();
  }

  private void poll(int server) {
    while (!closed) {
      try {
        StatusResponse status = cluster.endpoint(server).status(LIMIT);
        latest.set(server, status);
        if (isLeading(status)) {
          noteLeader(server, status.getRaftTerm());
        }
      } catch (RequestFailed _) {
        latest.set(server, null);
        cluster.endpoint(server).reconnect();
      }
      if (!closed) {
        Awaiting.pause(step);
      }
    }
  }

  private synchronized void noteLeader(int server, long term) {
    if (term > termLed) {
      termLed = term;
      led.accept(new LeaderSeen(server, term, System.nanoTime()));
    }
  }

  /** The last status of a server; null when it did not answer the last poll. */
  public @Nullable StatusResponse status(int server) {
    return latest.get(server);
  }

  /** The server that calls itself leader in the highest term, if there is one. */
  public OptionalInt leader() {
    int leader = 0;
    long term = 0;
    for (int server : cluster.numbers()) {
      StatusResponse status = status(server);
      if (status != null && isLeading(status) && status.getRaftTerm() > term) {
        leader = server;
        term = status.getRaftTerm();
      }
    }
    return leader == 0 ? OptionalInt.empty() : OptionalInt.of(leader);
  }

  /**
   * Whether the servers themselves say that nobody leads: none calls itself leader, and the last
   * leader or a majority has ended or answers that it knows no leader. A server that does not
   * answer in time proves nothing.
   *
   * @param last the last leader
   */
  public boolean nobodyLeads(int last) {
    long without = cluster.numbers().stream().filter(this::knowsNoLeader).count();
    return leader().isEmpty() && (knowsNoLeader(last) || without > cluster.size() / 2);
  }

  private boolean knowsNoLeader(int server) {
    StatusResponse status = status(server);
    return !cluster.isAlive(server) || (status != null && status.getLeader() == 0);
  }

  /** The highest term in which a server called itself leader. */
  public synchronized long term() {
    return termLed;
  }

  private static boolean isLeading(StatusResponse status) {
    return status.getLeader() != 0 && status.getLeader() == status.getHeader().getMemberId();
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofSeconds(1));
      } catch (InterruptedException interrupted) {
        throw Awaiting.interrupted(interrupted);
      }
    }
  }
}
