package io.balsa.client;

import io.balsa.proto.etcdserverpb.WatchResponse;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
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
  private List<Consumer<ClientCall<Q, A>>> waiting = new ArrayList<>();

  /** The call that is being made; null while a token is waited for. */
  private @Nullable ClientCall<Q, A> made;

  /** Whether {@link #made} has got all that waited, so that more goes to it directly. */
  private boolean passing;

  private boolean over;
  private int renewals;

  /** Whether {@link #made} was started: gRPC cancels no call before that. */
  private boolean started;

  private @Nullable Runnable cancelAtStart;

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
    take(null, false);
  }

  private void take(Login.@Nullable Given refused, boolean again) {
    login.take(
        refused,
        channel,
        options.getDeadline(),
        new Login.Waiter() {
          @Override
          public void given(Login.Given token) {
            make(token);
          }

          @Override
          public void failed(Status status) {
            // the request for the token may have had the shorter deadline of another call
            boolean notMine =
                status.getCode() == Status.Code.DEADLINE_EXCEEDED
                    && (options.getDeadline() == null || !options.getDeadline().isExpired());
            if (notMine && !again) {
              take(refused, true);
            } else {
              end(status);
            }
          }
        });
  }

  private void make(Login.Given token) {
    ClientCall<Q, A> call = channel.newCall(method, options);
    Metadata own = new Metadata();
    Listener<A> to;
    synchronized (this) {
      if (over) {
        return;
      }
      own.merge(headers);
      made = call;
      started = false;
      to = listener;
    }
    if (!token.text.isEmpty()) {
      own.put(Login.TOKEN, token.text);
    }
    call.start(new Attempt(call, token, to), own);
    Runnable cancel;
    synchronized (this) {
      started |= call == made;
      cancel = cancelAtStart;
    }
    if (cancel != null) {
      cancel.run();
    }
    drain(call);
  }

  /** Does what waited, in its order, until nothing waits. */
  private void drain(ClientCall<Q, A> call) {
    while (true) {
      List<Consumer<ClientCall<Q, A>>> batch;
      synchronized (this) {
        if (call != made) {
          return;
        }
        if (waiting.isEmpty()) {
          passing = true;
          break;
        }
        batch = waiting;
        waiting = new ArrayList<>();
      }
      batch.forEach(each -> each.accept(call));
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
      act.accept(call);
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
      if (call == null && over) {
        return;
      }
      if (call != null && !started) {
        cancelAtStart = () -> call.cancel(message, cause);
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

  /** Ends a call that was not made. */
  private void end(Status status) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
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
        waiting = new ArrayList<>(kept);
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
        take(token, false);
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
        take(token, false);
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
