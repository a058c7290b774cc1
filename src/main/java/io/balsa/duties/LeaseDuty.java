package io.balsa.duties;

import io.balsa.bytes.Check;
import io.balsa.model.Command;
import io.balsa.model.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the time of all leases while this server leads: which are renewed, which end, and
 * what is stored for the next leader. {@code LeaseKeeper} gives it time and carries out what it
 * decides.
 *
 * <ol>
 *   <li>A lease never ends early. Time is what {@link #advance} reports under this leader. A
 *       renewed lease has its whole time again. A lease whose time has passed ends only after a
 *       proof of leadership that began later.
 *   <li>When a lease with a TTL over a minute is not renewed for a minute, its deadline is stored
 *       once. From then on the clock is stored every half minute, in one entry for all leases. A
 *       renewal removes the stored deadline before it is answered. All other leases get their whole
 *       time from the next leader, as in etcd.
 *   <li>A step in which nothing is due costs the same for any number of leases.
 * </ol>
 */
public final class LeaseDuty {
  /** After how long without a renewal a deadline is stored, in milliseconds. */
  static final long WRITE_AFTER = 60_000;

  /** How often the clock is stored while any deadline is stored, in milliseconds. */
  static final long CLOCK_EVERY = 30_000;

  /** When to propose an end again after the state machine refused all writes, in milliseconds. */
  private static final long POSTPONED = 10_000;

  /** The most leases that end for one proof of leadership. */
  private static final int ENDS_PER_PROOF = 500;

  /** The most deadlines in one entry. */
  private static final int DEADLINES_PER_ENTRY = 1_000;

  /** A time at which a lease must be checked. It may have been renewed meanwhile. */
  private record Wake(long at, long id, long grant) implements Comparable<Wake> {
    @Override
    public int compareTo(Wake other) {
      return at == other.at ? Long.compare(id, other.id) : Long.compare(at, other.at);
    }
  }

  private final long extension;
  private final Map<Long, KeptLease> leases = new TreeMap<>();
  private final PriorityQueue<Wake> wakes = new PriorityQueue<>();
  private final TreeSet<Long> due = new TreeSet<>();

  /** Leases whose stored deadline must change. */
  private final TreeSet<Long> toWrite = new TreeSet<>();

  private final List<Command> proposals = new ArrayList<>();
  private Command.@Nullable LeaseCheckpoint writing;
  private long term;
  private long clock;
  private long clockWritten;
  private long deadlinesWritten;
  private long proofs;
  private boolean proving;

  /**
   * A duty that does not lead: leading begins with {@link #lead}.
   *
   * @param extensionMillis what each lease gets in addition when a leader begins: the longest time
   *     that an answer of the last leader may have been in flight
   */
  public LeaseDuty(long extensionMillis) {
    this.extension = extensionMillis;
  }

  /** Begins to lead, with the stored leases and the stored clock. */
  public void lead(long newTerm, long writtenClock, List<Lease> written) {
    follow();
    term = newTerm;
    clock = writtenClock;
    clockWritten = writtenClock;
    written.forEach(this::take);
  }

  private void take(Lease lease) {
    KeptLease kept = new KeptLease(lease);
    long left = lease.deadline() == 0 ? kept.ttlMillis() : Math.max(0, lease.deadline() - clock);
    kept.renewedAt = clock;
    kept.endsAt = clock + left + extension;
    deadlinesWritten += lease.deadline() == 0 ? 0 : 1;
    leases.put(lease.id(), kept);
    wake(kept);
  }

  /** Stops leading: forgets all leases. */
  public void follow() {
    term = 0;
    leases.clear();
    wakes.clear();
    due.clear();
    toWrite.clear();
    proposals.clear();
    writing = null;
    deadlinesWritten = 0;
    proving = false;
  }

  /** The term in which this server leads; 0 when it does not lead. */
  public long term() {
    return term;
  }

  /** The number of leases. */
  public int size() {
    return leases.size();
  }

  /** Adds time that has passed. The caller must not count a pause of the process. */
  public void advance(long millis) {
    clock += millis;
    for (Wake wake = wakes.peek(); wake != null && wake.at <= clock; wake = wakes.peek()) {
      wakes.remove();
      KeptLease kept = kept(wake.id, wake.grant);
      if (kept != null && kept.stage == KeptLease.Stage.ALIVE) {
        lookAt(kept);
      }
    }
  }

  private void lookAt(KeptLease kept) {
    if (kept.endsAt <= clock) {
      becomesDue(kept);
      return;
    }
    if (isToBeWritten(kept) && kept.renewedAt + WRITE_AFTER <= clock) {
      toWrite.add(kept.lease.id());
    }
    wake(kept);
  }

  private void becomesDue(KeptLease kept) {
    kept.stage = KeptLease.Stage.DUE;
    kept.dueAfterProof = proofs;
    due.add(kept.lease.id());
  }

  private static boolean isToBeWritten(KeptLease kept) {
    return kept.hasNoStoredDeadline() && kept.ttlMillis() > WRITE_AFTER;
  }

  /** Each lease has one wake. For a long lease, it comes at least every minute. */
  private void wake(KeptLease kept) {
    boolean unseen = isToBeWritten(kept) && !toWrite.contains(kept.lease.id());
    long look = WRITE_AFTER + (unseen ? kept.renewedAt : clock);
    wakes.add(new Wake(Math.min(kept.endsAt, look), kept.lease.id(), kept.lease.grant()));
  }

  private @Nullable KeptLease kept(long id, long grant) {
    KeptLease kept = leases.get(id);
    return kept != null && kept.lease.grant() == grant ? kept : null;
  }

  /** A lease was granted. */
  public void granted(Lease lease) {
    KeptLease kept = new KeptLease(lease);
    kept.renew(clock);
    leases.put(lease.id(), kept);
    wake(kept);
  }

  /** A lease is gone. */
  public void gone(long id) {
    KeptLease kept = leases.remove(id);
    if (kept != null) {
      due.remove(id);
      toWrite.remove(id);
      deadlinesWritten -= kept.written == 0 ? 0 : 1;
    }
  }

  /** The answer to a renewal. */
  public enum Renewal {
    /** It has its whole time again. */
    RENEWED,
    /** There is no such lease. */
    GONE,
    /** An entry in the log decides: ask again when it is applied. */
    WAIT
  }

  /** Renews a lease. It has its whole time again with every answer, unless its end is proposed. */
  public Renewal renew(long id) {
    KeptLease kept = leases.get(id);
    if (kept == null) {
      return Renewal.GONE;
    }
    if (kept.stage == KeptLease.Stage.ENDING) {
      return Renewal.WAIT;
    }
    boolean slept = kept.stage == KeptLease.Stage.DUE;
    kept.renew(clock);
    if (slept) {
      due.remove(id);
      wake(kept);
    }
    if (kept.hasNoStoredDeadline()) {
      toWrite.remove(id);
      return Renewal.RENEWED;
    }
    toWrite.add(id);
    return Renewal.WAIT;
  }

  /** The TTL of a lease, in seconds; 0 when there is no such lease. */
  public long ttl(long id) {
    KeptLease kept = leases.get(id);
    return kept == null ? 0 : kept.lease.ttl();
  }

  /**
   * The time left of a lease, in whole seconds, at most its TTL; -1 when there is no such lease.
   */
  public long left(long id) {
    KeptLease kept = leases.get(id);
    if (kept == null) {
      return -1;
    }
    return Math.clamp((kept.endsAt - clock) / 1_000, 0, kept.lease.ttl());
  }

  /** Whether a lease waits for a proof of leadership, and no proof has begun. */
  public boolean needsProof() {
    return !proving && !due.isEmpty();
  }

  /** Begins a proof: a read round (thesis section 6.4) that starts after this call. */
  public void proofBegins() {
    proving = true;
    proofs++;
  }

  /** The proof has failed, or is not of this term. */
  public void notProved() {
    proving = false;
  }

  /** The proof has succeeded: leases that were due before it began now end. */
  public void proved() {
    Check.that(proving, "a proof ends after it has begun");
    proving = false;
    List<Long> ending = new ArrayList<>();
    for (long id : due) {
      KeptLease kept = leases.get(id);
      if (kept != null && kept.dueAfterProof < proofs && ending.size() < ENDS_PER_PROOF) {
        kept.stage = KeptLease.Stage.ENDING;
        proposals.add(new Command.LeaseExpire(term, id, kept.lease.grant()));
        ending.add(id);
      }
    }
    due.removeAll(ending);
  }

  /** A proposal never came into the log: it will be proposed again. */
  public void refused(Command.OfLease proposal) {
    if (proposal instanceof Command.LeaseExpire(long _, long id, long grant)) {
      KeptLease kept = kept(id, grant);
      if (kept != null && kept.stage == KeptLease.Stage.ENDING) {
        becomesDue(kept);
      }
    } else if (proposal.equals(writing)) {
      writing = null;
      for (Command.LeaseDeadline deadline : ((Command.LeaseCheckpoint) proposal).deadlines()) {
        KeptLease kept = kept(deadline.id(), deadline.grant());
        if (kept != null) {
          kept.writing = false;
          toWrite.add(deadline.id());
        }
      }
    }
  }

  /** The state machine refuses all writes now: the lease ends later. */
  public void postponed(Command.LeaseExpire proposal) {
    KeptLease kept = kept(proposal.id(), proposal.grant());
    if (kept != null && kept.stage == KeptLease.Stage.ENDING) {
      kept.stage = KeptLease.Stage.ALIVE;
      kept.endsAt = clock + POSTPONED;
      wake(kept);
    }
  }

  /** A checkpoint is applied: the stored deadlines and the stored clock have changed. */
  public void written(Command.LeaseCheckpoint checkpoint) {
    writing = null;
    clockWritten = Math.max(clockWritten, checkpoint.clock());
    for (Command.LeaseDeadline deadline : checkpoint.deadlines()) {
      KeptLease kept = kept(deadline.id(), deadline.grant());
      if (kept != null) {
        deadlinesWritten += (deadline.deadline() == 0 ? 0 : 1) - (kept.written == 0 ? 0 : 1);
        kept.written = deadline.deadline();
        kept.writing = false;
      }
    }
  }

  /**
   * The commands to propose now. Each is returned once. The caller must report a command that did
   * not come into the log to {@link #refused}.
   */
  public List<Command> proposals() {
    if (writing == null && (!toWrite.isEmpty() || isClockDue())) {
      write();
    }
    List<Command> now = List.copyOf(proposals);
    proposals.clear();
    return now;
  }

  private boolean isClockDue() {
    return deadlinesWritten > 0 && clock - clockWritten >= CLOCK_EVERY;
  }

  /** Only one checkpoint is open at a time, so none can overtake another. */
  private void write() {
    List<Command.LeaseDeadline> deadlines = new ArrayList<>();
    while (!toWrite.isEmpty() && deadlines.size() < DEADLINES_PER_ENTRY) {
      KeptLease kept = leases.get(toWrite.removeFirst());
      if (kept != null) {
        kept.writing = true;
        long deadline = kept.renewedAt + WRITE_AFTER <= clock ? kept.endsAt : 0;
        deadlines.add(new Command.LeaseDeadline(kept.lease.id(), kept.lease.grant(), deadline));
      }
    }
    writing = new Command.LeaseCheckpoint(term, clock, deadlines);
    proposals.add(writing);
  }
}
