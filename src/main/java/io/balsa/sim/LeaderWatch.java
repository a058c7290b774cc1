package io.balsa.sim;

import io.balsa.raft.RaftStatus;
import io.balsa.raft.Role;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a leader hears a majority (CheckQuorum, thesis 6.2) and that its disk answers (the
 * watchdog of the log). Otherwise it must step down within two election timeouts. Time counts in
 * ticks that the server got, as the server itself counts it.
 */
final class LeaderWatch {
  private static final long TICK_NANOS = 10_000_000;

  /** As in the server's ticker: more ticks than these, missed in a pause, are not made up for. */
  private static final int CATCH_UP_TICKS = 5;

  private static final int SLACK_TICKS = 10;
  private static final int IDS = 16;

  /** What a server knows at one of its ticks. */
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
   * @param published the published status, which is a new object after each tick
   */
  @SuppressWarnings("ReferenceEquality") // the same object means that there was no tick
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
        () -> "server " + server.id() + " still leads without hearing a majority: " + raft);
    long stall = server.config().stallNanos() + SLACK_TICKS * TICK_NANOS;
    world.expect(
        own.hanging == 0 || server.clock().nanos() - own.hangsSince <= stall,
        () -> "server " + server.id() + " still leads though its disk hangs: " + raft);
  }

  private static long last(Own own, long peer) {
    return Math.max(own.leadsSince, own.heard[(int) peer]);
  }
}
