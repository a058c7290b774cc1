package io.balsa.budget;

import io.balsa.bytes.Check;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call's share. While it is small its number alone says what is taken, and no lock is needed;
 * what a larger one has taken is guarded by the budget's lock.
 *
 * <p>It is the call's tracer too, so that it costs a call no object more: gRPC tells it what is
 * sent, and when the last bytes have left for the kernel or the client is gone.
 */
public class CallShare extends ServerStreamTracer implements Share {
  /** The call has ended. */
  static final long ENDED = -1;

  /** The bytes taken are in {@link #large}. */
  static final long LARGE = -2;

  /** The smallest buffer into which gRPC puts a message. */
  private static final long BUFFER_BYTES = 4096;

  private final AnswerBudget budget;
  private Connection connection;
  private @Nullable Deadline deadline;
  private boolean streams;
  private boolean started;

  /** Whether its client sends one message, which is kept until it says that this is all. */
  private boolean sendsOne;

  /** The request of which a part is there. */
  private @Nullable CallRequest request;

  private volatile @Nullable EndableCall<?, ?> call;

  /** Bytes taken, or {@link #ENDED}, or {@link #LARGE}. */
  final AtomicLong state = new AtomicLong();

  /** Bytes taken by a large share; guarded by the budget. */
  long large;

  /** How many of these were handed over to be sent; guarded by the budget. */
  private long sent;

  /** Bytes of messages that may still wait to leave. */
  private final AtomicLong queued = new AtomicLong();

  /** What was taken since the last message: for the next one. */
  private volatile long ahead;

  /** Whether a take of it may be waiting. */
  volatile boolean waits;

  public CallShare(AnswerBudget budget, Connection connection) {
    this.budget = budget;
    this.connection = connection;
  }

  public Connection connection() {
    return connection;
  }

  /**
   * So many bytes more are on their way; with the budget's lock.
   *
   * @return by how much the number of those held that are on their way changes
   */
  long send(long more) {
    long before = sent;
    sent = Math.min(large, before + more);
    return sent - before;
  }

  /** Whether its call sends several messages. */
  public boolean streams() {
    return streams;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CURRENT, this);
  }

  @Override
  public void serverCallStarted(ServerCallInfo<?, ?> call) {
    Attributes attributes = call.getAttributes();
    Connection its = attributes == null ? null : attributes.get(Connection.KEY);
    connection = its == null ? connection : its;
    deadline = Context.current().getDeadline();
    started = true;
    budget.callBegun(connection);
    streams = !call.getMethodDescriptor().getType().serverSendsOneMessage();
    sendsOne = call.getMethodDescriptor().getType().clientSendsOneMessage();
  }

  /** What the service did not take is counted now, room or not: the bytes are there. */
  @Override
  public void outboundMessageSent(int number, long wireBytes, long plainBytes) {
    sent(Math.max(BUFFER_BYTES, wireBytes));
  }

  /** So many bytes of a message wait to leave. */
  public void sent(long bytes) {
    long due = queued.addAndGet(bytes);
    ahead = 0;
    long taken = budget.taken(this);
    if (taken >= 0 && taken < due) {
      budget.force(this, due - taken);
    }
    budget.sent(this, bytes);
  }

  /** The whole answer is made and has so many bytes; what was taken beyond them is free. */
  public void sentAll(long bytes) {
    sent(bytes);
    budget.giveBack(this, Math.max(0, budget.taken(this) - bytes));
  }

  /** So many of them have left. */
  public void left(long bytes) {
    if (queued.addAndGet(-bytes) <= 0) {
      giveBackAllButAhead();
    } else {
      budget.giveBack(this, bytes);
    }
  }

  /** Bytes of messages that may still wait to leave. */
  long queued() {
    return queued.get();
  }

  private void giveBackAllButAhead() {
    budget.giveBack(this, Math.max(0, budget.taken(this) - ahead));
  }

  /** The call that is ended when its request takes too long. */
  void isOf(EndableCall<?, ?> its) {
    call = its;
  }

  @Override
  public void inboundWireSize(long bytes) {
    if (state.get() != ENDED) {
      CallRequest its = request == null ? new CallRequest(this, budget.requests()) : request;
      request = its;
      its.arrived(bytes);
    }
  }

  /** Of a stream it is the service's now, which asks for the next one when it has done with it. */
  @Override
  public void inboundMessageRead(int number, long wireBytes, long plainBytes) {
    CallRequest its = request;
    if (its != null && sendsOne) {
      its.isWhole(plainBytes);
    } else if (its != null) {
      its.forget();
    }
  }

  @Override
  public void inboundUncompressedSize(long bytes) {
    CallRequest its = request;
    if (its != null) {
      its.unpacked(bytes);
    }
  }

  /** The service is given a message now; false when it is refused, and the call has ended. */
  boolean serve() {
    CallRequest its = request;
    return its == null || !sendsOne || its.serve();
  }

  /** Ends the call for what its client sent; false when it cannot be. */
  boolean refuse(Status status) {
    EndableCall<?, ?> its = call;
    if (its != null) {
      its.end(status);
    }
    return its != null;
  }

  @Override
  public void streamClosed(Status status) {
    CallRequest its = request;
    if (its != null) {
      its.end();
    }
    if (started) {
      budget.callEnded(connection);
    }
    end();
  }

  @Override
  public long bytesMax() {
    return budget.bytesMax();
  }

  @Override
  public boolean hasRoom(long bytes) {
    return budget.hasRoom(this, bytes);
  }

  @Override
  public boolean tryTake(long bytes) {
    Check.that(bytes >= 0, "a take is of no less than nothing");
    boolean taken = budget.tryTake(this, bytes);
    if (taken) {
      takenAhead(bytes);
    }
    return taken;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // a call's next message is made by one thread
  private void takenAhead(long bytes) {
    ahead += bytes;
  }

  @Override
  public void take(long bytes, Consumer<Boolean> done) {
    Check.that(bytes >= 0, "a take is of no less than nothing");
    budget.take(
        this,
        bytes,
        taken -> {
          if (taken) {
            takenAhead(bytes);
          }
          done.accept(taken);
        });
  }

  @Override
  public void giveBack(long bytes) {
    Check.that(bytes >= 0, "no less than nothing is given back");
    takenAhead(-Math.min(ahead, bytes));
    budget.giveBack(this, bytes);
  }

  @Override
  public void tooLarge() {
    budget.tooLarge();
  }

  @Override
  public void end() {
    budget.end(this);
  }

  @Override
  public boolean isGone() {
    Deadline until = deadline;
    return state.get() == ENDED || (until != null && until.isExpired());
  }
}
