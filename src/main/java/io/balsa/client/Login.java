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
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives every call of a client its token, as etcd's Go client does. The first call asks for the
 * token. A call whose token is refused asks for another one and is made again: the refusal proves
 * that the server has done nothing. There is one request for a token at a time, for all calls and
 * all servers of the client, because a token is valid at every member.
 */
final class Login implements ClientInterceptor {
  static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  private static final int SECONDS_MAX = 5;

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

  /** Waits for a token; called once, on any thread. */
  interface Waiter {
    void given(Given token);

    void failed(Status status);
  }

  private final Credentials credentials;
  private @Nullable Given current;
  private boolean asking;
  private List<Waiter> waiters = new ArrayList<>();

  Login(Credentials credentials) {
    this.credentials = credentials;
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

  /**
   * Gives a token, at once or later.
   *
   * @param refused the token that a server refused; null for the first one
   * @param through how to reach a server
   * @param deadline when the caller stops waiting; null for never
   */
  void take(@Nullable Given refused, Channel through, @Nullable Deadline deadline, Waiter waiter) {
    Given known;
    synchronized (this) {
      known = current == refused ? null : current;
      if (known == null) {
        current = null;
        waiters.add(waiter);
        if (asking) {
          return;
        }
        asking = true;
      }
    }
    if (known != null) {
      waiter.given(known);
    } else if (credentials instanceof Credentials.Password(String user, String password)) {
      ask(user, password, through, deadline);
    }
  }

  private void ask(String user, String password, Channel through, @Nullable Deadline deadline) {
    Deadline own = Deadline.after(SECONDS_MAX, TimeUnit.SECONDS);
    CallOptions options =
        CallOptions.DEFAULT.withDeadline(deadline == null ? own : own.minimum(deadline));
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder().setName(user).setPassword(password).build();
    ClientCalls.asyncUnaryCall(
        through.newCall(AuthGrpc.getAuthenticateMethod(), options),
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(AuthenticateResponse answer) {
            answered(new Given(answer.getToken()));
          }

          @Override
          public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            if (GrpcFailure.text(status).equals(OFF)) {
              answered(new Given(""));
            } else {
              settle(null).forEach(each -> each.failed(status));
            }
          }

          @Override
          public void onCompleted() {
            // an answer without a message is an error above
          }
        });
  }

  private void answered(Given token) {
    settle(token).forEach(each -> each.given(token));
  }

  private synchronized Stream<Waiter> settle(@Nullable Given token) {
    current = token;
    asking = false;
    List<Waiter> all = waiters;
    waiters = new ArrayList<>();
    return all.stream();
  }
}
