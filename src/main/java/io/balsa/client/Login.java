package io.balsa.client;

import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthenticateRequest;
import io.balsa.proto.etcdserverpb.AuthenticateResponse;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.rpc.GrpcFailure;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives every call of a client its token, as etcd's Go client does. The first call asks for the
 * token. A call whose token is refused asks for another one and is made again: the refusal proves
 * that the server has done nothing. A token is valid at every member, so all calls wait for the
 * first one that comes.
 *
 * <p>There is one request for a token at a time on each connection. It does not end with the call
 * that began it: a password takes a server long to check, and the next call wants the token too.
 */
final class Login implements ClientInterceptor {
  static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  private static final int SECONDS_MAX = 10;

  /** Refusals that another token may help against. The last one comes without a token. */
  private static final Set<String> REFUSALS =
      Set.of(
          "etcdserver: invalid auth token",
          "etcdserver: revision of auth store is old",
          "etcdserver: user name is empty");

  /**
   * Another token helps against it if the client has none. Users came into force after it asked,
   * and since then the common name of its certificate is its user.
   */
  private static final String DENIED = "etcdserver: permission denied";

  private static final String OFF = "etcdserver: authentication is not enabled";

  /** What the servers gave; compared by identity. Its text is empty while authentication is off. */
  static final class Given {
    final String text;

    private Given(String text) {
      this.text = text;
    }
  }

  /** Waits for a token; called once at most, on any thread. */
  interface Waiter {
    void given(Given token);

    void failed(Status status);
  }

  private final Credentials credentials;
  private final ScheduledExecutorService timer;
  private @Nullable Given current;
  private final Set<Channel> asked = new HashSet<>();
  private final List<Waiting> waiting = new ArrayList<>();

  /** A call that waits; the request on its connection ends its wait. */
  private record Waiting(Channel through, Waiter waiter) {}

  /**
   * @param timer ends the calls that wait longer than their deadline
   */
  Login(Credentials credentials, ScheduledExecutorService timer) {
    this.credentials = credentials;
    this.timer = timer;
    this.current = credentials instanceof Credentials.Token(String text) ? new Given(text) : null;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return method.getFullMethodName().equals(AuthGrpc.getAuthenticateMethod().getFullMethodName())
        ? next.newCall(method, options)
        : new LoggedInCall<>(this, method, options, next);
  }

  /** Whether a refused token can be replaced. */
  boolean renews() {
    return credentials instanceof Credentials.Password;
  }

  static boolean isRefusal(Given token, Status status) {
    return REFUSALS.contains(GrpcFailure.text(status))
        || (token.text.isEmpty() && GrpcFailure.text(status).equals(DENIED));
  }

  /** Whether a watch was refused: the server says so in a response of the stream. */
  static boolean isRefusal(Given token, WatchResponse response) {
    String reason = response.getCancelReason();
    return response.getCanceled()
        && (REFUSALS.stream().anyMatch(reason::endsWith)
            || (token.text.isEmpty() && reason.endsWith(DENIED)));
  }

  /** Ends calls that have waited for a token until their deadline. */
  ScheduledExecutorService timer() {
    return timer;
  }

  /**
   * Gives a token, at once or later. It comes later than a deadline of the caller perhaps.
   *
   * @param refused the token that a server refused; null for the first one
   * @param through how to reach a server
   */
  void take(@Nullable Given refused, Channel through, Waiter waiter) {
    Given known;
    boolean first = false;
    synchronized (this) {
      known = current == refused ? null : current;
      if (known == null) {
        current = null;
        waiting.add(new Waiting(through, waiter));
        first = asked.add(through);
      }
    }
    if (known != null) {
      waiter.given(known);
    } else if (first && credentials instanceof Credentials.Password(String user, String password)) {
      ask(user, password, through);
    }
  }

  private void ask(String user, String password, Channel through) {
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder().setName(user).setPassword(password).build();
    ClientCalls.asyncUnaryCall(
        through.newCall(
            AuthGrpc.getAuthenticateMethod(),
            CallOptions.DEFAULT.withDeadlineAfter(SECONDS_MAX, TimeUnit.SECONDS)),
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(AuthenticateResponse answer) {
            answered(through, new Given(answer.getToken()));
          }

          @Override
          public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            if (GrpcFailure.text(status).equals(OFF)) {
              answered(through, new Given(""));
            } else {
              failed(through).forEach(each -> each.failed(status));
            }
          }

          @Override
          public void onCompleted() {
            // an answer without a message is an error above
          }
        });
  }

  private void answered(Channel through, Given token) {
    List<Waiting> served;
    synchronized (this) {
      asked.remove(through);
      current = token;
      served = List.copyOf(waiting);
      waiting.clear();
    }
    served.forEach(each -> each.waiter.given(token));
  }

  /** Takes out the calls that waited for this connection; the others have requests of their own. */
  private synchronized List<Waiter> failed(Channel through) {
    asked.remove(through);
    List<Waiter> ended =
        waiting.stream().filter(each -> each.through.equals(through)).map(Waiting::waiter).toList();
    waiting.removeIf(each -> each.through.equals(through));
    return ended;
  }
}
