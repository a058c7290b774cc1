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
 * Leases under a leader: renews them, ends them when their time has passed, and writes down what
 * the next leader has to know.
 *
 * <ol>
 *   <li>Never early: time is what {@link #advance} says has passed under this leader, a renewed
 *       lease has its whole time again, and a lease whose time has passed ends only after a proof
 *       of leadership that began later.
 *   <li>A lease of more than a minute that is not renewed for a minute has its deadline written
 *       down once; from then on the clock is, every half minute, in one entry for all leases. A
 *       renewal takes the deadline back before it is answered. All others get their whole time from
 *       the next leader, as in etcd.
 *   <li>A step in which nothing is due costs the same for any number of leases.
 * </ol>
 */
public final class LeaseDuty {
  /** How long a lease goes unrenewed before its deadline is written down, in milliseconds. */
  static final long WRITE_AFTER = 60_000;

  /** How often the clock is written down while any deadline is, in milliseconds. */
  static final long CLOCK_EVERY = 30_000;

  /** When to try again what the state machine refuses to everybody, in milliseconds. */
  private static final long POSTPONED = 10_000;

  /** Leases ended for one proof of leadership, at most. */
  private static final int ENDS_PER_PROOF = 500;

  /** Deadlines in one entry, at most. */
  private static final int DEADLINES_PER_ENTRY = 1_000;

  /** A moment at which a lease has to be looked at; it may have been renewed meanwhile. */
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

  /** Leases of which something else is to be written down than is. */
  private final TreeSet<Long> unwritten = new TreeSet<>();

  private final List<Command> proposals = new ArrayList<>();
  private Command.@Nullable LeaseCheckpoint writing;
  private long term;
  private long clock;
  private long clockWritten;
  private long deadlinesWritten;
  private long proofs;
  private boolean proving;

  /**
   * A duty of nobody: leading begins with {@link #lead}.
   *
   * @param extensionMillis what every lease gets on top when a leader begins: as long as an answer
   *     of the last leader may have been under way
   */
  public LeaseDuty(long extensionMillis) {
    this.extension = extensionMillis;
  }

  /** Begins to lead: with the leases and the clock as they are written down. */
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

  /** Leads no more: forgets all. */
  public void follow() {
    term = 0;
    leases.clear();
    wakes.clear();
    due.clear();
    unwritten.clear();
    proposals.clear();
    writing = null;
    deadlinesWritten = 0;
    proving = false;
  }

  /** The term in which it leads; 0 when it does not. */
  public long term() {
    return term;
  }

  /** How many leases there are. */
  public int size() {
    return leases.size();
  }

  /** Time has passed; that of a pause is not to be counted. */
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
      unwritten.add(kept.lease.id());
    }
    wake(kept);
  }

  private void becomesDue(KeptLease kept) {
    kept.stage = KeptLease.Stage.DUE;
    kept.dueAfterProof = proofs;
    due.add(kept.lease.id());
  }

  private static boolean isToBeWritten(KeptLease kept) {
    return kept.isUnwritten() && kept.ttlMillis() > WRITE_AFTER;
  }

  /** Every lease has one wake; that of a long one comes every minute at least. */
  private void wake(KeptLease kept) {
    boolean unseen = isToBeWritten(kept) && !unwritten.contains(kept.lease.id());
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
      unwritten.remove(id);
      deadlinesWritten -= kept.written == 0 ? 0 : 1;
    }
  }

  /** What to say to somebody who renews a lease. */
  public enum Renewal {
    /** It has its whole time again. */
    RENEWED,
    /** There is no such lease. */
    GONE,
    /** What decides it is on its way through the log: ask again when that is applied. */
    WAIT
  }

  /**
   * Renews a lease: it has its whole time again, whatever the answer, unless its end is decided.
   */
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
    if (kept.isUnwritten()) {
      unwritten.remove(id);
      return Renewal.RENEWED;
    }
    unwritten.add(id);
    return Renewal.WAIT;
  }

  /** The whole time of a lease, in seconds; 0 when there is none. */
  public long ttl(long id) {
    KeptLease kept = leases.get(id);
    return kept == null ? 0 : kept.lease.ttl();
  }

  /**
   * What is left of a lease, in whole seconds and never more than it has; -1 when there is none.
   */
  public long left(long id) {
    KeptLease kept = leases.get(id);
    if (kept == null) {
      return -1;
    }
    return Math.clamp((kept.endsAt - clock) / 1_000, 0, kept.lease.ttl());
  }

  /** Whether a lease waits for a proof of leadership, and none is under way. */
  public boolean needsProof() {
    return !proving && !due.isEmpty();
  }

  /** Begins a proof: a round that confirms leadership and begins after this call. */
  public void proofBegins() {
    proving = true;
    proofs++;
  }

  /** The proof that was begun has failed, or says nothing of this term. */
  public void notProved() {
    proving = false;
  }

  /** This server led in this term after the proof was begun: what was due then ends. */
  public void proved() {
    Check.that(proving, "a proof ends that was begun");
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

  /** A proposal never came into the log: it is made again. */
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
          unwritten.add(deadline.id());
        }
      }
    }
  }

  /** The state machine refuses all writes for now: a lease whose end is proposed ends later. */
  public void postponed(Command.LeaseExpire proposal) {
    KeptLease kept = kept(proposal.id(), proposal.grant());
    if (kept != null && kept.stage == KeptLease.Stage.ENDING) {
      kept.stage = KeptLease.Stage.ALIVE;
      kept.endsAt = clock + POSTPONED;
      wake(kept);
    }
  }

  /** What was to be written down is. */
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

  /** What is to be proposed now. Each is proposed once, and {@link #refused} when it was not. */
  public List<Command> proposals() {
    if (writing == null && (!unwritten.isEmpty() || isClockDue())) {
      write();
    }
    List<Command> now = List.copyOf(proposals);
    proposals.clear();
    return now;
  }

  private boolean isClockDue() {
    return deadlinesWritten > 0 && clock - clockWritten >= CLOCK_EVERY;
  }

  /** One checkpoint at a time is under way: they cannot overtake one another. */
  private void write() {
    List<Command.LeaseDeadline> deadlines = new ArrayList<>();
    while (!unwritten.isEmpty() && deadlines.size() < DEADLINES_PER_ENTRY) {
      KeptLease kept = leases.get(unwritten.removeFirst());
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
