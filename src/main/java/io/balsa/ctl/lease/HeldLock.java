package io.balsa.ctl.lease;

import com.google.protobuf.ByteString;
import io.balsa.client.EtcdCalls;
import io.balsa.client.EtcdClient;
import io.balsa.client.QueuePlace;
import io.balsa.client.RequestFailed;
import io.balsa.client.Session;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.Ending;
import io.balsa.ctl.TerminalNotes;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;

/** A place in a queue, from entering to leaving it. A lock and an election are both such queues. */
final class HeldLock {
  /** The work while the lock is held. */
  interface Task {
    /**
     * Does the work.
     *
     * @param own the key and value of this place in the queue
     * @param over completes when the work has to end
     * @return the exit code
     */
    int run(QueuePlace place, RangeResponse own, CompletableFuture<?> over)
        throws InterruptedException;
  }

  /** What a place in the queue is for. */
  enum Prize {
    LOCK("waiting for the lock ...", "the lock is lost: "),
    LEADERSHIP("waiting to lead ...", "the leadership is lost: ");

    private final String waiting;
    private final String lost;

    Prize(String waiting, String lost) {
      this.waiting = waiting;
      this.lost = lost;
    }
  }

  private final CommandSpec command;
  private final ClientOptions client;
  private final Prize prize;
  private final long ttl;

  /**
   * @param ttl of the lease, in seconds
   */
  HeldLock(CommandSpec command, ClientOptions client, Prize prize, long ttl) {
    this.command = command;
    this.client = client;
    this.prize = prize;
    this.ttl = ttl;
    if (ttl < 1) {
      throw new BadInput("--ttl: '" + ttl + "' is not a number of seconds from 1 on");
    }
  }

  /** Waits for the lock, does the task, leaves the queue and returns the exit code. */
  int run(ByteString name, ByteString value, Task task) throws RequestFailed {
    Duration timeout = client.timeout();
    Ending ending = Ending.listen(false, false);
    try (EtcdClient etcd = client.repeatingClient();
        Session session = open(etcd, timeout)) {
      QueuePlace place = QueuePlace.take(etcd, session, name, value, timeout);
      return run(place, session, ending, task);
    }
  }

  private Session open(EtcdClient etcd, Duration timeout) throws RequestFailed {
    try (TerminalNotes.Waiting _ = client.waiting()) {
      return Session.open(etcd, ttl, timeout);
    }
  }

  private int run(QueuePlace place, Session session, Ending ending, Task task)
      throws RequestFailed {
    CompletableFuture<?> over = CompletableFuture.anyOf(ending.requested(), session.lost());
    CompletableFuture<RangeResponse> turn = place.turn();
    try {
      try (TerminalNotes.Waiting _ = TerminalNotes.waitFor(prize.waiting)) {
        awaitFirst(turn, over);
      }
      if (!turn.isDone()) {
        return session.lost().isDone()
            ? lost("the place in the queue is lost: ", session)
            : ending.exitCode();
      }
      int exitCode = task.run(place, EtcdCalls.await(turn), over);
      if (session.lost().isDone()) {
        return lost(prize.lost, session);
      }
      return ending.requested().isDone() ? ending.exitCode() : exitCode;
    } catch (InterruptedException _) {
      return 0; // as a signal: an orderly end
    }
  }

  private int lost(String what, Session session) {
    String why = what + session.lost().join();
    command.commandLine().getErr().println(command.qualifiedName() + ": " + why);
    return 1;
  }

  /** Returns when one of the two has completed, normally or not. */
  static void awaitFirst(CompletableFuture<?> one, CompletableFuture<?> other)
      throws InterruptedException {
    try {
      CompletableFuture.anyOf(one, other).handle((_, _) -> true).get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("a handled end does not fail", impossible);
    }
  }
}
