package io.balsa.kv;

import io.balsa.auth.AuthChange;
import io.balsa.auth.AuthLimits;
import io.balsa.auth.AuthState;
import io.balsa.auth.Tokens.Token;
import io.balsa.auth.User;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Result;

/** Carries out the commands of the log about users, roles and tokens on a draft. */
final class AuthCommands {
  /** The most bytes of a token's digest. */
  private static final int DIGEST_BYTES = 64;

  private final Draft draft;

  AuthCommands(Draft draft) {
    this.draft = draft;
  }

  /**
   * Carries a command out.
   *
   * @param index where it stands in the log
   */
  Result run(Command.OfAuth command, long index) {
    DraftAuth auth = draft.auth();
    return switch (AuthChange.of(auth.state(), command, AuthLimits.DEFAULT)) {
      case AuthChange.Refused(KvError error) -> refused(error);
      case AuthChange.Done(AuthState next) -> {
        boolean disabled = auth.state().enabled() && !next.enabled();
        auth.change(next);
        if (disabled) {
          auth.tokens().dropAll();
        }
        yield tokens(command, auth, index);
      }
    };
  }

  /** What the command does to tokens. */
  private Result tokens(Command.OfAuth command, DraftAuth auth, long index) {
    switch (command) {
      case Command.TokenAdd add -> {
        return add(add, auth, index);
      }
      case Command.TokenUsed used -> auth.tokens().used(used.digest(), index);
      case Command.TokenDrop drop -> drop.digests().forEach(auth.tokens()::drop);
      case Command.UserDelete(String name) -> auth.tokens().dropOf(name);
      case Command.UserChangePassword change -> auth.tokens().dropOf(change.name());
      case Command.AuthEnable _,
          Command.AuthDisable _,
          Command.UserAdd _,
          Command.UserGrantRole _,
          Command.UserRevokeRole _,
          Command.RoleAdd _,
          Command.RoleDelete _,
          Command.RoleGrantPermission _,
          Command.RoleRevokePermission _ -> {}
    }
    return new Result.Done(draft.revision());
  }

  private Result add(Command.TokenAdd add, DraftAuth auth, long index) {
    if (!auth.state().enabled()) {
      return refused(KvError.AUTH_NOT_ENABLED);
    }
    User user = auth.state().user(add.user());
    if (user == null || add.digest().size() > DIGEST_BYTES) {
      return refused(KvError.AUTH_FAILED);
    }
    if (user.credentialsRevision() != add.credentialsRevision()) {
      return refused(KvError.AUTH_OLD_REVISION);
    }
    auth.tokens().add(new Token(add.digest(), add.user(), add.credentialsRevision(), index));
    return new Result.Done(draft.revision());
  }

  private Result refused(KvError error) {
    return new Result.Refused(draft.revision(), error);
  }
}
