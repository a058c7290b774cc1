package io.balsa.node.writes;

import io.balsa.bytes.Bytes;
import io.balsa.host.Host;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Burden;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Envelope;
import io.balsa.model.Envelope.RequestId;
import io.balsa.model.WriteId;
import io.balsa.wal.Identity;
import io.balsa.wire.EnvelopeCodec;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes commands in: numbers them, encodes them and has them wait for Raft. From any thread. */
public final class CommandDesk {
  /** An answer beyond this is large: there is room for smaller ones in any case. */
  private static final long SMALL_BYTES = 64 << 10;

  private final Host host;
  private final Identity identity;
  private final Proposals proposals;
  private final long timeoutNanos;
  private final Runnable wake;
  private final HeavyQueue heavies;

  /**
   * Deletions of ranges while a large one is under way: each may step over many of its keys, and of
   * what RocksDB has kept of those that are gone. What would be refused is refused by a read,
   * beside the applying.
   */
  private final HeavyQueue deletions;

  private final BooleanSupplier deletes;
  private final AtomicLong lastSequence = new AtomicLong();
  private volatile boolean stopping;

  /**
   * A desk before these proposals.
   *
   * @param timeoutNanos how long a command may take
   * @param wake wakes the raft lane
   * @param scale looks at what a transaction or a deletion would cost
   * @param deletes whether a large deletion is under way
   */
  public CommandDesk(
      Host host,
      Identity identity,
      Proposals proposals,
      long timeoutNanos,
      Runnable wake,
      Scale scale,
      BooleanSupplier deletes) {
    this.host = host;
    this.identity = identity;
    this.proposals = proposals;
    this.timeoutNanos = timeoutNanos;
    this.wake = wake;
    this.heavies = new HeavyQueue(new ForHeavies(scale));
    this.deletions = new HeavyQueue(new ForHeavies(scale));
    this.deletes = deletes;
  }

  /** Looks at what a command would cost in a linearizable read, for {@link HeavyQueue}. */
  @FunctionalInterface
  public interface Scale {
    void weigh(Op toWeigh, AnswerRoom room, Runnable light, Consumer<Outcome> ended);
  }

  /** Replicates a command and applies it; for the server's own, whose answers are small. */
  public void propose(Command command, Consumer<Outcome> done) {
    propose(WriteId.NONE, false, command, AnswerRoom.UNBOUNDED, done);
  }

  /**
   * The same, for a client.
   *
   * @param write the name that its client gave it
   * @param mayBeDone whether the client may have sent it before
   * @param room for its answer; a command whose client is gone before it is proposed is dropped,
   *     and one whose answer may be large is refused while there is none
   */
  public void propose(
      WriteId write, boolean mayBeDone, Command command, AnswerRoom room, Consumer<Outcome> done) {
    if (stopping) {
      done.accept(new Outcome.Failed(Outcome.Failure.STOPPED));
      return;
    }
    if (Burden.mayAnswerMuch(command) && !room.hasRoom(SMALL_BYTES + 1)) {
      done.accept(new Outcome.Failed(Outcome.Failure.NO_ROOM));
      return;
    }
    long sequence = lastSequence.incrementAndGet();
    var request = new RequestId(identity.member(), identity.boot(), sequence);
    var encoded = EnvelopeCodec.encode(Envelope.of(request, write, command));
    long deadline = host.clock().nanos() + timeoutNanos;
    Op op = command instanceof Op some ? some : null;
    HeavyQueue queue = op == null ? null : queueOf(op);
    if (queue == null) {
      add(sequence, encoded, deadline, room, done);
    } else {
      queue.add(new HeavyCommand(sequence, mayBeDone ? null : op, encoded, deadline, room, done));
    }
  }

  /** Where it has to wait for its turn; null when it need not. */
  private @Nullable HeavyQueue queueOf(Op op) {
    if (Burden.isHeavy(op)) {
      return heavies;
    }
    return Burden.deletesRange(op) && deletes.getAsBoolean() ? deletions : null;
  }

  private void add(
      long sequence, Bytes encoded, long deadline, AnswerRoom room, Consumer<Outcome> done) {
    if (proposals.add(sequence, encoded, deadline, room, done)) {
      wake.run();
    }
  }

  /** The same, of a command of the server's own, which nobody waits for. */
  public void propose(Command command) {
    propose(command, _ -> {});
  }

  /** Whether none waits here; those proposed are among the proposals. */
  public boolean isEmpty() {
    return heavies.isEmpty() && deletions.isEmpty();
  }

  /**
   * Fails what waits here and is overdue.
   *
   * @param leads whether anybody is known to lead
   */
  public void expire(long nowNanos, boolean leads) {
    heavies.expire(nowNanos, leads);
    deletions.expire(nowNanos, leads);
  }

  /** Takes no more commands. */
  public void stop() {
    stopping = true;
  }

  /** Fails what waits here. */
  public void close() {
    stop();
    heavies.close();
    deletions.close();
  }

  private final class ForHeavies implements HeavyQueue.Server {
    private final Scale scale;

    ForHeavies(Scale scale) {
      this.scale = scale;
    }

    @Override
    public void weigh(HeavyCommand heavy, Op toWeigh, Runnable light, Consumer<Outcome> ended) {
      scale.weigh(toWeigh, heavy.room(), light, ended);
    }

    @Override
    public void propose(HeavyCommand heavy, Consumer<Outcome> done) {
      add(heavy.sequence(), heavy.encoded(), heavy.deadlineNanos(), heavy.room(), done);
    }
  }
}
