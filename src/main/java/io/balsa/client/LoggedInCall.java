package io.balsa.client;

import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for a token before it is made, and is made again when the token is refused.
 *
 * <p>Until the first message comes, it keeps what its caller did, to do the same on another call.
 * No callback runs under its lock.
 */
@SuppressWarnings("ReferenceEquality") // which call it is counts
final class LoggedInCall<Q, A> extends ClientCall<Q, A> {
  /** One call does not ask for tokens without end. */
  private static final int RENEWALS_MAX = 2;

  /** A caller who sends more before an answer came gets no repetition. */
  private static final int KEPT_MAX = 64;

  private final Login login;
  private final MethodDescriptor<Q, A> method;
  private final CallOptions options;
  private final Channel channel;

  private @Nullable Listener<A> listener;
  private Metadata headers = new Metadata();
  private @Nullable List<Consumer<ClientCall<Q, A>>> kept = new ArrayList<>();
  private Deque<Consumer<ClientCall<Q, A>>> waiting = new ArrayDeque<>();

  /** The call that is being made; null while a token is waited for. */
  private @Nullable ClientCall<Q, A> made;

  /** Whether {@link #made} has got all that waited, so that more goes to it directly. */
  private boolean passing;

  /** What cancels {@link #made} when it has got what it is getting now. */
  private @Nullable Consumer<ClientCall<Q, A>> cancelling;

  /** Ends the call at its deadline while no token comes. */
  private @Nullable ScheduledFuture<?> alarm;

  private boolean over;
  private int renewals;

  LoggedInCall(Login login, MethodDescriptor<Q, A> method, CallOptions options, Channel channel) {
    this.login = login;
    this.method = method;
    this.options = options;
    this.channel = channel;
  }

  @Override
  public void start(Listener<A> responses, Metadata sent) {
    synchronized (this) {
      listener = responses;
      headers = sent;
    }
    take(null);
  }

  private void take(Login.@Nullable Given refused) {
    login.take(
        refused,
        channel,
        new Login.Waiter() {
          @Override
          public void given(Login.Given token) {
            make(token);
          }

          @Override
          public void failed(Status status) {
            end(status);
          }
        });
    Deadline deadline = options.getDeadline();
    if (deadline != null && isWaiting()) {
      endInTime(deadline);
    }
  }

  private synchronized boolean isWaiting() {
    return made == null && !over;
  }

  /** Ends the call at its deadline if it still waits for a token then. */
  private void endInTime(Deadline deadline) {
    Status late = Status.DEADLINE_EXCEEDED.withDescription("no token came in time");
    try {
      ScheduledFuture<?> set = deadline.runOnExpiration(() -> end(late), login.timer());
      synchronized (this) {
        if (isWaiting()) {
          alarm = set;
          return;
        }
      }
      set.cancel(false);
    } catch (RejectedExecutionException _) {
      // the client is being closed, which ends the request for the token too
    }
  }

  private void make(Login.Given token) {
    ClientCall<Q, A> call = channel.newCall(method, options);
    Metadata own = new Metadata();
    Listener<A> to;
    ScheduledFuture<?> unneeded;
    synchronized (this) {
      if (over) {
        return;
      }
      own.merge(headers);
      made = call;
      to = listener;
      unneeded = alarm;
      alarm = null;
    }
    if (unneeded != null) {
      unneeded.cancel(false);
    }
    if (!token.text.isEmpty()) {
      own.put(Login.TOKEN, token.text);
    }
    call.start(new Attempt(call, token, to), own);
    drain(call);
  }

  /** Does what waited, in its order, until nothing waits or the call is cancelled. */
  private void drain(ClientCall<Q, A> call) {
    while (true) {
      Consumer<ClientCall<Q, A>> next;
      boolean last;
      synchronized (this) {
        if (call != made) {
          return;
        }
        last = cancelling != null || waiting.isEmpty();
        passing = last;
        next = cancelling != null ? cancelling : waiting.poll();
      }
      if (next != null) {
        next.accept(call);
      }
      if (last) {
        break;
      }
    }
    if (call.isReady()) {
      runBack(to -> to.onReady());
    }
  }

  private void run(Consumer<ClientCall<Q, A>> act) {
    ClientCall<Q, A> call;
    synchronized (this) {
      if (kept != null) {
        kept.add(act);
        kept = kept.size() > KEPT_MAX ? null : kept;
      }
      if (!passing) {
        waiting.add(act);
        return;
      }
      call = made;
    }
    if (call != null) {
      actOn(call, act);
    }
  }

  /** A call whose token was refused is cancelled meanwhile; the next one is given the act too. */
  private void actOn(ClientCall<Q, A> call, Consumer<ClientCall<Q, A>> act) {
    try {
      act.accept(call);
    } catch (IllegalStateException broken) {
      synchronized (this) {
        if (call == made) {
          throw broken;
        }
      }
    }
  }

  @Override
  public void request(int messages) {
    run(call -> call.request(messages));
  }

  @Override
  public void sendMessage(Q message) {
    run(call -> call.sendMessage(message));
  }

  @Override
  public void halfClose() {
    run(ClientCall::halfClose);
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    ClientCall<Q, A> call;
    synchronized (this) {
      kept = null;
      call = made;
      if (call != null && !passing) {
        cancelling = each -> each.cancel(message, cause);
        return;
      }
    }
    if (call != null) {
      call.cancel(message, cause);
    } else {
      end(Status.CANCELLED.withDescription(message).withCause(cause));
    }
  }

  @Override
  public synchronized boolean isReady() {
    return passing && made != null && made.isReady();
  }

  @Override
  public synchronized Attributes getAttributes() {
    return made == null ? Attributes.EMPTY : made.getAttributes();
  }

  /** Ends a call that waits for a token; another one ends by itself. */
  private void end(Status status) {
    ScheduledFuture<?> unneeded;
    synchronized (this) {
      if (!isWaiting()) {
        return;
      }
      over = true;
      unneeded = alarm;
      alarm = null;
    }
    if (unneeded != null) {
      unneeded.cancel(false);
    }
    runBack(to -> to.onClose(status, new Metadata()));
  }

  private void runBack(Consumer<Listener<A>> back) {
    Listener<A> to;
    synchronized (this) {
      to = listener;
    }
    if (to == null) {
      return;
    }
    Executor executor = options.getExecutor();
    if (executor == null) {
      back.accept(to);
    } else {
      executor.execute(() -> back.accept(to));
    }
  }

  /** One call with one token. */
  private final class Attempt extends Listener<A> {
    private final ClientCall<Q, A> call;
    private final Login.Given token;
    private final @Nullable Listener<A> to;
    private boolean replaced;

    Attempt(ClientCall<Q, A> call, Login.Given token, @Nullable Listener<A> to) {
      this.call = call;
      this.token = token;
      this.to = to;
    }

    /** Whether the call will be made again; this one counts no more then. */
    private boolean replace() {
      synchronized (LoggedInCall.this) {
        if (kept == null || !login.renews() || renewals == RENEWALS_MAX) {
          return false;
        }
        renewals++;
        replaced = true;
        made = null;
        passing = false;
        waiting = new ArrayDeque<>(kept);
      }
      return true;
    }

    @Override
    public void onHeaders(Metadata received) {
      if (to != null) {
        to.onHeaders(received);
      }
    }

    @Override
    public void onMessage(A message) {
      if (replaced) {
        return;
      }
      if (message instanceof WatchResponse watch && Login.isRefusal(token, watch) && replace()) {
        call.cancel("the token was refused", null);
        take(token);
        return;
      }
      synchronized (LoggedInCall.this) {
        kept = null;
      }
      if (to != null) {
        to.onMessage(message);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (replaced) {
        return;
      }
      if (Login.isRefusal(token, status) && replace()) {
        take(token);
        return;
      }
      synchronized (LoggedInCall.this) {
        over = true;
      }
      if (to != null) {
        to.onClose(status, trailers);
      }
    }

    @Override
    public void onReady() {
      if (to != null && isReady()) {
        to.onReady();
      }
    }
  }
}
