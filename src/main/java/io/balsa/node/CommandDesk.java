package io.balsa.node;

import io.balsa.host.Host;
import io.balsa.kv.Command;
import io.balsa.kv.Envelope;
import io.balsa.kv.Envelope.RequestId;
import io.balsa.kv.WriteId;
import io.balsa.wal.Identity;
import io.balsa.wire.EnvelopeCodec;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Takes commands in: numbers them, encodes them and has them wait for Raft. From any thread. */
final class CommandDesk {
  private final Host host;
  private final Identity identity;
  private final Proposals proposals;
  private final long timeoutNanos;
  private final Runnable wake;
  private final AtomicLong lastSequence = new AtomicLong();
  private volatile boolean stopping;

  /**
   * A desk before these proposals.
   *
   * @param timeoutNanos how long a command may take
   * @param wake wakes the raft lane
   */
  CommandDesk(Host host, Identity identity, Proposals proposals, long timeoutNanos, Runnable wake) {
    this.host = host;
    this.identity = identity;
    this.proposals = proposals;
    this.timeoutNanos = timeoutNanos;
    this.wake = wake;
  }

  /** Replicates a command and applies it; for the server's own, whose answers are small. */
  void propose(Command command, Consumer<Outcome> done) {
    propose(WriteId.NONE, command, AnswerRoom.UNBOUNDED, done);
  }

  /**
   * The same, for a client.
   *
   * @param write the name that its client gave it
   * @param room for its answer; a command whose client is gone before it is proposed is dropped
   */
  void propose(WriteId write, Command command, AnswerRoom room, Consumer<Outcome> done) {
    if (stopping) {
      done.accept(new Outcome.Failed(Outcome.Failure.STOPPED));
      return;
    }
    long sequence = lastSequence.incrementAndGet();
    var request = new RequestId(identity.member(), identity.boot(), sequence);
    var encoded = EnvelopeCodec.encode(Envelope.of(request, write, command));
    long deadline = host.clock().nanos() + timeoutNanos;
    if (proposals.add(sequence, encoded, deadline, room, done)) {
      wake.run();
    }
  }

  /** The same, of a command of the server's own, which nobody waits for. */
  void propose(Command command) {
    propose(command, _ -> {});
  }

  /** Takes no more commands. */
  void stop() {
    stopping = true;
  }
}
