package io.balsa.sim;

import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who leads hears a majority, and has a disk that answers (CheckQuorum, thesis 6.2, and the
 * watchdog of the log): else it must step down, two election timeouts after the last word at the
 * latest. Time is counted as the server itself can count it, in the ticks that it was given.
 */
final class LeaderWatch {
  private static final long TICK_NANOS = 10_000_000;

  /** As the server's ticker: what it missed in a pause, it is not given later. */
  private static final int CATCH_UP_TICKS = 5;

  private static final int SLACK_TICKS = 10;
  private static final int IDS = 16;

  /** What a server could know at a moment of its own. */
  private static final class Own {
    private @Nullable RaftStatus published;
    private long term;
    private long lastNanos;
    private long ticks;
    private long leadsSince;
    private int hanging;
    private long hangsSince;
    private final long[] heard = new long[IDS];
  }

  private final World world;
  private final Map<Long, SimServer> servers;
  private final Own[] owns = new Own[IDS];

  LeaderWatch(World world, Map<Long, SimServer> servers) {
    this.world = world;
    this.servers = servers;
    Arrays.setAll(owns, _ -> new Own());
  }

  /** A frame of a peer arrives at a server. */
  void hears(long at, long from) {
    Own own = owns[(int) at];
    own.heard[(int) from] = own.ticks;
  }

  /**
   * A server has stepped.
   *
   * @param published the state that it shows, which is another object after each tick
   */
  @SuppressWarnings("ReferenceEquality") // a state that is the same object says that no tick was
  void look(SimServer server, RaftStatus raft, RaftStatus published) {
    Own own = owns[(int) server.id()];
    boolean leads = raft.role() == Role.LEADER;
    if (!leads || raft.term() != own.term) {
      own.leadsSince = own.ticks;
      own.term = raft.term();
    }
    if (published == own.published) {
      return;
    }
    own.published = published;
    count(own, server.clock().nanos());
    noteHang(own, server);
    if (leads) {
      hold(own, server, raft);
    }
  }

  private static void count(Own own, long nanos) {
    long passed = (nanos - own.lastNanos) / TICK_NANOS;
    if (passed > 0) {
      own.ticks += Math.min(passed, CATCH_UP_TICKS);
      own.lastNanos = nanos;
    }
  }

  private static void noteHang(Own own, SimServer server) {
    int hanging = server.disk().faults().hanging();
    if (hanging != own.hanging) {
      own.hanging = hanging;
      own.hangsSince = server.clock().nanos();
    }
  }

  private void hold(Own own, SimServer server, RaftStatus raft) {
    long limit = 2L * server.config().raft().electionTicks() + SLACK_TICKS;
    long reached =
        servers.values().stream()
            .filter(each -> each == server || own.ticks - last(own, each.id()) <= limit)
            .count();
    world.expect(
        reached > servers.size() / 2,
        () -> "server " + server.id() + " leads on without hearing a majority: " + raft);
    long stall = server.config().stallNanos() + SLACK_TICKS * TICK_NANOS;
    world.expect(
        own.hanging == 0 || server.clock().nanos() - own.hangsSince <= stall,
        () -> "server " + server.id() + " leads on though its disk hangs: " + raft);
  }

  private static long last(Own own, long peer) {
    return Math.max(own.leadsSince, own.heard[(int) peer]);
  }
}
