package io.balsa.node.writes;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.host.Host;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Burden;
import io.balsa.model.Caller;
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

/** Takes commands in: numbers them, encodes them and proposes them to Raft. From any thread. */
public final class CommandDesk {
  /** An answer of more bytes is large. Smaller answers always have room. */
  private static final long SMALL_BYTES = 64 << 10;

  private static final int HEAVY_AT_ONCE = 2;

  /**
   * The log holds its writes in one order, so a small write waits for all large ones that came
   * earlier.
   */
  private static final int LARGE_AT_ONCE = 1;

  private static final long HEAVY_WAITING_BYTES = 8 << 20;
  private static final long LARGE_WAITING_BYTES = 32 << 20;

  private final Host host;
  private final Identity identity;
  private final Proposals proposals;
  private final long timeoutNanos;
  private final Runnable wake;
  private final HeavyQueue heavies;

  /**
   * Deletions of ranges that come while a large deletion is under way. Each of them may step over
   * many keys of the large one, and over what RocksDB still holds of swept keys. A read finds out
   * first whether the store would refuse it, so that the apply lane does not spend that time.
   */
  private final HeavyQueue deletions;

  private final HeavyQueue large;

  private final BooleanSupplier deletes;
  private final AtomicLong lastSequence = new AtomicLong();
  private volatile boolean stopping;

  /**
   * A desk that adds to these proposals.
   *
   * @param timeoutNanos how long a command may take, from its arrival
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
    this.heavies = new HeavyQueue(new ForHeavies(scale), HEAVY_AT_ONCE, HEAVY_WAITING_BYTES);
    this.deletions = new HeavyQueue(new ForHeavies(scale), HEAVY_AT_ONCE, HEAVY_WAITING_BYTES);
    this.large = new HeavyQueue(new ForHeavies(scale), LARGE_AT_ONCE, LARGE_WAITING_BYTES);
    this.deletes = deletes;
  }

  /**
   * Looks in a linearizable read whether the caller may do a command, and then what it would cost,
   * for {@link HeavyQueue}. The cost tells something of the keys.
   */
  @FunctionalInterface
  public interface Scale {
    void weigh(Caller caller, Op toWeigh, AnswerRoom room, Runnable light, Consumer<Outcome> ended);
  }

  /** Replicates a command of this server and applies it. Its answer must be small. */
  public void propose(Command command, Consumer<Outcome> done) {
    propose(Caller.SERVER, WriteId.NONE, false, command, AnswerRoom.UNBOUNDED, done);
  }

  /**
   * Replicates a command of a client and applies it.
   *
   * @param caller who asks; judged when the command is applied
   * @param write the name that the client gave the command
   * @param mayBeDone whether the client may have sent the command before
   * @param room for the answer. A command is dropped when its client leaves before the command is
   *     proposed. A command whose answer may be large is refused while there is no room
   */
  public void propose(
      Caller caller,
      WriteId write,
      boolean mayBeDone,
      Command command,
      AnswerRoom room,
      Consumer<Outcome> done) {
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
    var encoded = EnvelopeCodec.encode(new Envelope(request, write, caller, command));
    long deadline = host.clock().nanos() + timeoutNanos;
    Op op = command instanceof Op some ? some : null;
    HeavyQueue queue = op == null ? null : queueOf(op, encoded.size());
    if (queue == null) {
      add(sequence, encoded, deadline, room, done);
    } else {
      Op toWeigh = mayBeDone || queue == large ? null : op;
      queue.add(new HeavyCommand(sequence, caller, toWeigh, encoded, deadline, room, done));
    }
  }

  /** The queue in which an operation waits for its turn; null when it is proposed at once. */
  private @Nullable HeavyQueue queueOf(Op op, int bytes) {
    if (Burden.isHeavy(op)) {
      return heavies;
    }
    if (Burden.deletesRange(op) && deletes.getAsBoolean()) {
      return deletions;
    }
    return bytes > ProtocolLimits.LARGE_REQUEST_BYTES ? large : null;
  }

  private void add(
      long sequence, Bytes encoded, long deadline, AnswerRoom room, Consumer<Outcome> done) {
    if (proposals.add(sequence, encoded, deadline, room, done)) {
      wake.run();
    }
  }

  /** Replicates a command of this server and applies it; nothing waits for its outcome. */
  public void propose(Command command) {
    propose(command, _ -> {});
  }

  /** Whether no command waits here. Commands that are proposed are among the proposals. */
  public boolean isEmpty() {
    return heavies.isEmpty() && deletions.isEmpty() && large.isEmpty();
  }

  /**
   * Fails the commands that wait here and are overdue.
   *
   * @param knowsLeader whether this server knows a leader
   */
  public void expire(long nowNanos, boolean knowsLeader) {
    heavies.expire(nowNanos, knowsLeader);
    deletions.expire(nowNanos, knowsLeader);
    large.expire(nowNanos, knowsLeader);
  }

  /** Takes no more commands. */
  public void stop() {
    stopping = true;
  }

  /** Takes no more commands, and fails those that wait here. */
  public void close() {
    stop();
    heavies.close();
    deletions.close();
    large.close();
  }

  private final class ForHeavies implements HeavyQueue.Needs {
    private final Scale scale;

    ForHeavies(Scale scale) {
      this.scale = scale;
    }

    @Override
    public void weigh(HeavyCommand heavy, Op toWeigh, Runnable light, Consumer<Outcome> ended) {
      scale.weigh(heavy.caller(), toWeigh, heavy.room(), light, ended);
    }

    @Override
    public void propose(HeavyCommand heavy, Consumer<Outcome> done) {
      add(heavy.sequence(), heavy.encoded(), heavy.deadlineNanos(), heavy.room(), done);
    }
  }
}
