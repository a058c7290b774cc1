package io.balsa.node.writes;

import io.balsa.bytes.Bytes;
import io.balsa.host.Clock;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.node.writes.Proposal.Place;
import io.balsa.raft.Input;
import io.balsa.raft.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clients' commands between their arrival and their answer.
 *
 * <p>A proposal waits until there is a leader, is then under way in one term, and is answered when
 * its entry is applied here. A proposal belongs to one term, and entries apply in the order of
 * their terms. Once an entry of a later term has applied, the missing entry never will be: the
 * server proposes the command again, and the client sees no error for a change of leader. The
 * outcome stays unknown in three cases: a message is lost within the term, a snapshot takes the
 * place of the entries, or the request's time ends.
 */
public final class Proposals {
  private final ConcurrentLinkedQueue<Proposal> waiting = new ConcurrentLinkedQueue<>();
  private final Map<Long, Proposal> open = new ConcurrentHashMap<>();
  private final AtomicLong openBytes = new AtomicLong();
  private final long bytesMax;
  private final int batchBytesMax;
  private final NodeMetrics metrics;
  private final Clock clock;
  private final Consumer<Runnable> answers;

  /** Batches that may still be refused; owned by the raft lane. */
  private final TreeMap<Long, List<Proposal>> batches = new TreeMap<>();

  private long lastBatch;
  private volatile boolean closed;

  /**
   * No proposals yet.
   *
   * @param boot the number of this server's start. It is part of every batch's number, so that a
   *     late refusal of an earlier start's batch matches no batch
   * @param bytesMax the most bytes of all open commands
   * @param batchBytesMax the most bytes of a batch that holds more than one command
   * @param answers runs the tasks that tell clients of failures. The raft lane must not run them:
   *     ten thousand proposals may be overdue at once
   */
  public Proposals(
      long boot,
      long bytesMax,
      int batchBytesMax,
      NodeMetrics metrics,
      Clock clock,
      Consumer<Runnable> answers) {
    this.lastBatch = boot << 32;
    this.bytesMax = bytesMax;
    this.batchBytesMax = batchBytesMax;
    this.metrics = metrics;
    this.clock = clock;
    this.answers = answers;
  }

  /**
   * Takes a command in, or refuses it when the open commands have too many bytes; from any thread.
   *
   * @return whether the raft lane has a new command to propose
   */
  public boolean add(
      long sequence, Bytes command, long deadlineNanos, AnswerRoom room, Consumer<Outcome> done) {
    if (openBytes.addAndGet(command.size()) > bytesMax) {
      openBytes.addAndGet(-command.size());
      done.accept(new Outcome.Failed(Outcome.Failure.TOO_MANY_REQUESTS));
      return false;
    }
    Proposal proposal = new Proposal(sequence, command, deadlineNanos, room, done);
    open.put(sequence, proposal);
    waiting.add(proposal);
    if (closed) {
      answer(proposal, new Outcome.Failed(Outcome.Failure.STOPPED));
    }
    return !closed;
  }

  /** Whether no proposal is open. */
  public boolean isEmpty() {
    return open.isEmpty();
  }

  /**
   * The next batch of commands that wait, or null; on the raft lane. Commands that are overdue or
   * whose client has left fail instead.
   */
  public Input.@Nullable Propose nextBatch() {
    List<Proposal> batch = new ArrayList<>();
    List<Bytes> commands = new ArrayList<>();
    long now = clock.nanos();
    int bytes = 0;
    for (Proposal next = waiting.peek();
        next != null && (batch.isEmpty() || bytes + next.command().size() <= batchBytesMax);
        next = waiting.peek()) {
      waiting.remove();
      if (isWaitedFor(next, now) && moveIfAt(next, Place.WAITING, new Place(lastBatch + 1, 0))) {
        next.room().reached(AnswerRoom.Step.PROPOSED);
        batch.add(next);
        commands.add(next.command());
        bytes += next.command().size();
      }
    }
    if (batch.isEmpty()) {
      return null;
    }
    lastBatch++;
    batches.put(lastBatch, batch);
    metrics.proposed(batch.size());
    return new Input.Propose(lastBatch, commands);
  }

  /** Whether to propose it. A proposal that is overdue here is in no log: it waited. */
  private boolean isWaitedFor(Proposal proposal, long now) {
    if (proposal.isAnswered()) {
      return false;
    }
    boolean overdue = now - proposal.deadlineNanos() >= 0;
    if (overdue || proposal.room().clientLeft()) {
      fail(proposal, overdue ? Outcome.Failure.NO_LEADER : Outcome.Failure.CANCELLED);
      return false;
    }
    return true;
  }

  /** A batch is under way in a term; on the raft lane. */
  public void underWay(long batch, long term, boolean forwarded) {
    List<Proposal> proposals = forwarded ? batches.get(batch) : batches.remove(batch);
    if (proposals != null) {
      Place taken = new Place(batch, 0);
      Place underWay = new Place(batch, term);
      proposals.forEach(proposal -> moveIfAt(proposal, taken, underWay));
    }
  }

  /**
   * A batch was refused: its proposals wait for a leader, or fail when the log is full; on the raft
   * lane.
   */
  public void refused(long batch, Refusal refusal) {
    List<Proposal> proposals = batches.remove(batch);
    if (proposals == null) {
      return;
    }
    for (Proposal proposal : proposals) {
      if (refusal == Refusal.OVERLOADED) {
        fail(proposal, Outcome.Failure.TOO_MANY_REQUESTS);
      } else {
        Place place = proposal.place();
        if (place.batch() == batch) {
          again(proposal, place);
        }
      }
    }
  }

  private boolean again(Proposal proposal, Place from) {
    boolean moved = !proposal.isAnswered() && moveIfAt(proposal, from, Place.WAITING);
    if (moved) {
      waiting.add(proposal);
    }
    return moved;
  }

  /** Moves a proposal from a place. {@link Proposal#move} compares by identity, not by value. */
  private static boolean moveIfAt(Proposal proposal, Place from, Place to) {
    Place present = proposal.place();
    return present.equals(from) && proposal.move(present, to);
  }

  /** The open proposal of a number; null when it is not open; on the apply lane. */
  public @Nullable Proposal find(long sequence) {
    return open.get(sequence);
  }

  /**
   * An applied proposal gets its answer much later: until then it is neither proposed again nor
   * overdue.
   */
  public void answerLater(Proposal applied) {
    Place present = applied.place();
    while (!applied.move(present, Place.APPLIED)) {
      present = applied.place(); // the raft lane moved it meanwhile
    }
  }

  /** Answers a proposal on the caller's thread, and forgets it. */
  public void answer(Proposal proposal, Outcome outcome) {
    forget(proposal);
    proposal.answer(outcome, Runnable::run);
  }

  private void fail(Proposal proposal, Outcome.Failure failure) {
    forget(proposal);
    if (proposal.answer(new Outcome.Failed(failure), answers)) {
      metrics.proposalsFailed(1);
    }
  }

  private void forget(Proposal proposal) {
    if (open.remove(proposal.sequence(), proposal)) {
      openBytes.addAndGet(-proposal.command().size());
    }
  }

  /**
   * An entry of a term was applied: proposals under way in an earlier term wait again.
   *
   * @return whether any proposal waits again
   */
  public boolean proposeAgainBefore(long term) {
    boolean any = false;
    for (Proposal proposal : open.values()) {
      Place place = proposal.place();
      if (place.isUnderWay() && place.term() < term) {
        any |= again(proposal, place);
      }
    }
    return any;
  }

  /** A snapshot took the place of entries: the outcome of proposals under way is unknown. */
  public void unknowable() {
    for (Proposal proposal : open.values()) {
      if (proposal.place().isUnderWay()) {
        fail(proposal, Outcome.Failure.TIMED_OUT_LEADER_LOST);
      }
    }
  }

  /**
   * Fails proposals that are overdue, and forgets batches whose proposals are all answered; on the
   * raft lane.
   *
   * @param leaderTerm the term of the known leader; 0 for none
   */
  public void expire(long nowNanos, long leaderTerm) {
    for (Proposal proposal : open.values()) {
      boolean overdue = nowNanos - proposal.deadlineNanos() >= 0;
      if (overdue && !proposal.place().equals(Place.APPLIED)) {
        fail(proposal, overdue(proposal, leaderTerm));
      }
    }
    waiting.removeIf(Proposal::isAnswered);
    batches.values().removeIf(batch -> batch.stream().allMatch(Proposal::isAnswered));
  }

  private static Outcome.Failure overdue(Proposal proposal, long leaderTerm) {
    Place place = proposal.place();
    if (!place.isUnderWay()) {
      return Outcome.Failure.NO_LEADER;
    }
    return place.term() == leaderTerm
        ? Outcome.Failure.TIMED_OUT
        : Outcome.Failure.TIMED_OUT_LEADER_LOST;
  }

  /** Fails all open proposals, and all that come later. */
  public void close() {
    closed = true;
    for (Proposal proposal : open.values()) {
      fail(proposal, Outcome.Failure.STOPPED);
    }
  }
}
