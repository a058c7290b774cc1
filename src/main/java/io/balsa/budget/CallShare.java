package io.balsa.budget;

import io.balsa.bytes.Check;
import io.balsa.bytes.ProtocolLimits;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The share of a call. A small share is one atomic number and needs no lock. The bytes of a large
 * share are guarded by the budget's lock.
 *
 * <p>The share is also the call's tracer, which saves an object per call. gRPC reports to it which
 * bytes are sent, when the kernel has taken the last ones, and when the client has gone.
 */
public class CallShare extends ServerStreamTracer implements Share {
  /** The call has ended. */
  static final long ENDED = -1;

  /** The share is large: its bytes are in {@link #large}. */
  static final long LARGE = -2;

  /** The smallest buffer into which gRPC puts a message. */
  private static final long BUFFER_BYTES = 4096;

  /** From here {@link #messageNanos} is counted. */
  private static final long BEGIN_NANOS = System.nanoTime();

  private final AnswerBudget budget;
  private Connection connection;
  private @Nullable Deadline deadline;
  private boolean streams;
  private boolean started;
  private volatile boolean fromProxy;

  /** Whether the client sends one message. gRPC keeps it until the client ends the request. */
  private boolean sendsOne;

  /** The request that is arriving or is served. */
  private @Nullable CallRequest request;

  /** When the message began that arrives now in a stream of messages; 0 if none does. */
  private volatile long messageNanos;

  private volatile @Nullable EndableCall<?, ?> call;

  /** The bytes of a small share, or {@link #ENDED}, or {@link #LARGE}. */
  final AtomicLong state = new AtomicLong();

  /** The bytes of a large share; guarded by the budget. */
  long large;

  /** How many of these were passed on to be sent; guarded by the budget. */
  private long sent;

  /** Bytes of sent messages that may not have left. */
  private final AtomicLong queued = new AtomicLong();

  /** Bytes that were taken since the last message, for the next one. */
  private volatile long ahead;

  /** Whether a reservation of this share may be waiting. */
  volatile boolean waits;

  public CallShare(AnswerBudget budget, Connection connection) {
    this.budget = budget;
    this.connection = connection;
  }

  public Connection connection() {
    return connection;
  }

  /**
   * Notes bytes that were passed on to be sent; with the budget's lock.
   *
   * @return the change of the number of held bytes that are on their way
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

  /** Counts bytes for which the service took no room, because they are in memory already. */
  @Override
  public void outboundMessageSent(int number, long wireBytes, long plainBytes) {
    sent(Math.max(BUFFER_BYTES, wireBytes));
  }

  /** Counts bytes of a message that wait to leave. */
  public void sent(long bytes) {
    long due = queued.addAndGet(bytes);
    ahead = 0;
    long taken = budget.taken(this);
    if (taken >= 0 && taken < due) {
      budget.force(this, due - taken);
    }
    budget.sent(this, bytes);
  }

  /** Counts a complete answer, and gives back the bytes taken beyond its size. */
  public void sentAll(long bytes) {
    sent(bytes);
    budget.giveBack(this, Math.max(0, budget.taken(this) - bytes));
  }

  /** Counts bytes that have left. */
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

  /** Sets the call that ends if its request is refused. */
  void isOf(EndableCall<?, ?> its) {
    call = its;
  }

  /** The head of a message is here; its bytes may be long in coming. */
  @Override
  public void inboundMessage(int number) {
    if (!sendsOne) {
      messageNanos = Math.max(1, System.nanoTime() - BEGIN_NANOS);
    }
  }

  /** Whether a message of a stream has been on its way for longer than this, in nanoseconds. */
  boolean waitsForRequest(long nanos) {
    long begun = messageNanos;
    return begun != 0 && System.nanoTime() - BEGIN_NANOS - begun > nanos;
  }

  @Override
  public void inboundWireSize(long bytes) {
    if (state.get() != ENDED) {
      CallRequest its = request == null ? new CallRequest(this, budget.requests()) : request;
      request = its;
      its.arrived(bytes);
    }
  }

  /** In a stream, the service has the message now and asks for the next one later. */
  @Override
  public void inboundMessageRead(int number, long wireBytes, long plainBytes) {
    messageNanos = 0;
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

  /** Passes a message on to the service; false if it is refused, and then the call has ended. */
  boolean serve() {
    CallRequest its = request;
    return its == null || !sendsOne || its.serve();
  }

  /** Notes that the call comes from a proxy, which delays refusals itself. */
  public void noteProxy() {
    fromProxy = true;
  }

  /**
   * Tells the client the end of the call. If the status refuses a large request, this comes a
   * second late, but within the first half of the time that the client still waits.
   */
  void close(Status status, Runnable tell) {
    CallRequest its = request;
    if (its == null) {
      tell.run();
      return;
    }
    its.giveBackServed();
    boolean refuses = status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
    if (refuses && !fromProxy && its.size() > ProtocolLimits.LARGE_REQUEST_BYTES) {
      Deadline until = deadline;
      long left = until == null ? Long.MAX_VALUE : until.timeRemaining(TimeUnit.NANOSECONDS);
      budget.lateRefusals().send(tell, left / 2);
    } else {
      tell.run();
    }
  }

  /** Ends the call because of its request; false if the call has not started. */
  public boolean refuse(Status status) {
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
    Check.that(bytes >= 0, "the bytes to take are not negative");
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
    Check.that(bytes >= 0, "the bytes to take are not negative");
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
    Check.that(bytes >= 0, "the bytes given back are not negative");
    takenAhead(-Math.min(ahead, bytes));
    budget.giveBack(this, bytes);
  }

  @Override
  public void tooLarge() {
    budget.tooLarge();
  }

  @Override
  public boolean mayReadMuch() {
    return budget.heap().admits();
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
