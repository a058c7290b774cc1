package io.balsa.sim;

import io.balsa.model.Command;
import io.balsa.model.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The leases of the committed log: when each began, and when and how it ended. */
final class LeaseLives {
  /** The life of one lease; its id is used once. */
  static final class Life {
    final long id;
    final long ttl;
    final LogWatch.Committed grant;
    LogWatch.@Nullable Committed end;

    /** Whether the lease expired; otherwise a client revoked it. */
    boolean expired;

    /** Whether its remaining time was ever written to the log. */
    boolean written;

    Life(long id, long ttl, LogWatch.Committed grant) {
      this.id = id;
      this.ttl = ttl;
      this.grant = grant;
    }

    @Override
    public String toString() {
      String last = end == null ? "" : (expired ? " expired " : " revoked ") + toldAt(end);
      return "lease " + id + " of " + ttl + " s, granted " + toldAt(grant) + last;
    }

    private static String toldAt(LogWatch.Committed entry) {
      return Trace.seconds(entry.toldAt());
    }
  }

  private final Map<Long, Life> lives = new TreeMap<>();

  /** All leases that were ever granted. */
  List<Life> all() {
    return new ArrayList<>(lives.values());
  }

  /** A lease; null when it was never granted. */
  @Nullable Life of(long id) {
    return lives.get(id);
  }

  /** Whether a lease is granted and has not ended. */
  boolean isAlive(long id) {
    Life life = lives.get(id);
    return life != null && life.end == null;
  }

  /** Applies a command; returns the id of the lease that it ended, or 0. */
  long apply(Command.OfLease command, LogWatch.Committed at) {
    long term = at.entry().term();
    switch (command) {
      case Command.LeaseGrant(long id, long ttl) ->
          lives.putIfAbsent(id, new Life(id, Math.max(Lease.MIN_TTL, ttl), at));
      case Command.LeaseRevoke(long id) -> {
        return isAlive(id) ? end(id, at, false) : 0;
      }
      case Command.LeaseExpire(long decidedIn, long id, long grant) -> {
        Life life = lives.get(id);
        boolean meant = life != null && life.grant.entry().index() == grant;
        return decidedIn == term && meant && isAlive(id) ? end(id, at, true) : 0;
      }
      case Command.LeaseCheckpoint checkpoint -> {
        for (Command.LeaseDeadline deadline : checkpoint.deadlines()) {
          Life life = lives.get(deadline.id());
          if (life != null && checkpoint.term() == term && deadline.deadline() != 0) {
            life.written = true;
          }
        }
      }
    }
    return 0;
  }

  private long end(long id, LogWatch.Committed at, boolean expired) {
    Life life = lives.get(id);
    if (life != null) {
      life.end = at;
      life.expired = expired;
    }
    return id;
  }
}
