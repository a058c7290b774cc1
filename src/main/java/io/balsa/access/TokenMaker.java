package io.balsa.access;

import io.balsa.auth.User;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.Outcome;
import io.balsa.login.JwtTokens;
import io.balsa.login.SimpleToken;
import io.balsa.model.Command;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the token of a user whose password was right. */
public final class TokenMaker {
  /** etcd's text: a server with a public key alone cannot sign. */
  private static final Status VERIFY_ONLY =
      Status.UNKNOWN.withDescription("auth: token signing attempted with verify-only key");

  private final Node node;
  private final @Nullable JwtTokens signed;

  TokenMaker(Node node, @Nullable JwtTokens signed) {
    this.node = node;
    this.signed = signed;
  }

  /** What became of a request for a token. */
  public sealed interface Made {
    /** The token, and the answer of the log. */
    record Token(String text, long revision, long term) implements Made {}

    /** The user's password has changed meanwhile: it must be checked again. */
    record Again() implements Made {}

    /** There is no token. */
    record Failed(Status status) implements Made {}
  }

  /**
   * Makes a token.
   *
   * @param revision the auth revision at which the password was checked
   */
  public void make(User user, long revision, Consumer<Made> done) {
    JwtTokens jwt = signed;
    if (jwt == null) {
      String letters = SimpleToken.newLetters();
      node.proposeOwn(
          new Command.TokenAdd(
              user.name(), SimpleToken.digest(letters), user.credentialsRevision()),
          outcome -> done.accept(made(letters, outcome)));
    } else if (jwt.canMake()) {
      long applied = node.status().revision();
      done.accept(new Made.Token(jwt.make(user.name(), revision), applied, node.term()));
    } else {
      done.accept(new Made.Failed(VERIFY_ONLY));
    }
  }

  private Made made(String letters, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered(Result.Refused refused, long _) ->
          EtcdError.of(refused.error()) == EtcdError.AUTH_OLD_REVISION
              ? new Made.Again()
              : new Made.Failed(EtcdError.of(refused.error()).status());
      case Outcome.Answered(Result result, long term) ->
          new Made.Token(SimpleToken.text(letters, node.appliedIndex()), result.revision(), term);
      case Outcome.Failed(Outcome.Failure failure) ->
          new Made.Failed(EtcdError.of(failure).status());
    };
  }
}
