package io.balsa.api;

import io.balsa.access.Access;
import io.balsa.access.CallerSession;
import io.balsa.access.TokenMaker.Made;
import io.balsa.auth.AuthState;
import io.balsa.auth.User;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.Outcome;
import io.balsa.logging.LogEvent;
import io.balsa.login.LoginDelays;
import io.balsa.login.PasswordDesk;
import io.balsa.model.StoreLimits;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.AuthenticateResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * etcd's Authenticate: checks a password beside the log, and gives a token. The log gets the digest
 * of the token and nothing of the password (CVE-2021-28235).
 */
final class PasswordLogin {
  /** etcd's answer for a user that can only come with a certificate. */
  private static final Status NO_PASSWORD_USER =
      Status.UNKNOWN.withDescription(
          "auth: authentication failed, password was given for no password user");

  /** A password that changes so often while it is checked is no accident. */
  private static final int ATTEMPTS = 5;

  private static final LogEvent WRONG =
      LogEvent.warn(
          "io.balsa.api",
          "a login failed",
          "a wrong user name or password; many lines of one source are a guesser: stop it");

  private final Node node;
  private final ToProto toProto;
  private final Access access;

  PasswordLogin(Node node, ToProto toProto, Access access) {
    this.node = node;
    this.toProto = toProto;
    this.access = access;
  }

  void begin(String user, String password, StreamObserver<AuthenticateResponse> observer) {
    if (user.length() > StoreLimits.NAME_BYTES || PasswordDesk.isTooLong(password)) {
      // no user has them, and they would be kept for a while
      observer.onError(EtcdError.AUTH_FAILED.exception());
      return;
    }
    Reply.allowCancel(observer);
    Attempt attempt = new Attempt(user, password, CallerSession.current(), observer);
    node.barrier(
        outcome -> {
          if (outcome instanceof Outcome.Failed(Outcome.Failure failure)) {
            observer.onError(EtcdError.of(failure).exception());
          } else {
            attempt.check(ATTEMPTS);
          }
        });
  }

  /** One call. */
  private final class Attempt {
    private final String name;
    private final String password;
    private final LoginDelays.Who who;
    private final StreamObserver<AuthenticateResponse> observer;

    Attempt(
        String name,
        String password,
        CallerSession session,
        StreamObserver<AuthenticateResponse> observer) {
      this.name = name;
      this.password = password;
      this.who = new LoginDelays.Who(name, session.source(), session.client());
      this.observer = observer;
    }

    void check(int left) {
      AuthState auth = node.auth();
      User user = auth.user(name);
      if (!auth.enabled()) {
        observer.onError(EtcdError.AUTH_NOT_ENABLED.exception());
      } else if (user != null && user.noPassword()) {
        observer.onError(NO_PASSWORD_USER.asRuntimeException());
      } else if (left == 0) {
        observer.onError(EtcdError.AUTH_OLD_REVISION.exception());
      } else {
        check(user, auth.revision(), left);
      }
    }

    private void check(@Nullable User user, long revision, int left) {
      access
          .passwords()
          .check(
              who,
              password,
              user == null ? "" : user.hash(),
              verdict -> {
                switch (verdict) {
                  case RIGHT -> make(user, revision, left);
                  case WRONG -> {
                    WRONG.log("user", name, "source", who.source(), "client", who.client());
                    observer.onError(EtcdError.AUTH_FAILED.exception());
                  }
                  case BUSY -> observer.onError(EtcdError.TOO_MANY_REQUESTS.exception());
                }
              });
    }

    private void make(@Nullable User user, long revision, int left) {
      if (user == null) {
        observer.onError(EtcdError.AUTH_FAILED.exception());
      } else {
        access.maker().make(user, revision, made -> tell(made, left));
      }
    }

    private void tell(Made made, int left) {
      switch (made) {
        case Made.Token(String text, long revision, long term) ->
            Reply.send(
                observer,
                AuthenticateResponse.newBuilder()
                    .setHeader(toProto.header(revision, term))
                    .setToken(text)
                    .build());
        case Made.Again _ -> check(left - 1);
        case Made.Failed(Status status) -> observer.onError(status.asRuntimeException());
      }
    }
  }
}
