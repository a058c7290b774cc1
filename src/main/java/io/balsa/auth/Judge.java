package io.balsa.auth;

import io.balsa.bytes.Bytes;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a caller may do something. Every function returns the reason to refuse, or null.
 *
 * <p>The state in force decides, also about a request that was let in before the last change of it.
 * etcd refuses such a request after every change of users or roles. Here only a request is refused
 * that was let in before the user's password changed: {@link KvError#AUTH_OLD_REVISION}.
 *
 * <p>As long as users are not in force, everybody may do everything. The server itself always may.
 */
public final class Judge {
  private Judge() {}

  /** As the function below, before the keys of a lease are known: a preliminary judgement. */
  public static @Nullable KvError command(AuthState state, Caller caller, Command command) {
    return command(state, caller, command, AttachedKeys.NONE);
  }

  /**
   * Whether a caller may have a command carried out. A command that only the server gives is
   * refused to every client.
   */
  public static @Nullable KvError command(
      AuthState state, Caller caller, Command command, AttachedKeys attached) {
    return switch (command) {
      case Command.Put put -> put(state, caller, put, attached);
      case Command.DeleteRange delete -> delete(state, caller, delete);
      case Command.Txn txn -> txn(state, caller, txn, attached);
      case Command.LeaseGrant _ -> loggedIn(state, caller);
      case Command.LeaseRevoke(long lease) -> leaseWrite(state, caller, lease, attached);
      case Command.Compact _, Command.SetAlarm _ -> root(state, caller);
      case Command.OfAuth auth -> auth(state, caller, auth);
      case Command.Sweep _,
          Command.BeginHash _,
          Command.Publish _,
          Command.SetQuota _,
          Command.LeaseExpire _,
          Command.LeaseCheckpoint _ ->
          serverOnly(state, caller);
    };
  }

  /**
   * Whether an error is one that a judgement gives: nothing was done, and nothing is remembered.
   */
  public static boolean isRefusal(KvError error) {
    return switch (error) {
      case USER_EMPTY, USER_NOT_FOUND, PERMISSION_DENIED, AUTH_OLD_REVISION -> true;
      default -> false;
    };
  }

  private static @Nullable KvError auth(AuthState state, Caller caller, Command.OfAuth command) {
    return switch (command) {
      case Command.AuthEnable _,
          Command.AuthDisable _,
          Command.UserAdd _,
          Command.UserDelete _,
          Command.UserChangePassword _,
          Command.UserGrantRole _,
          Command.UserRevokeRole _,
          Command.RoleAdd _,
          Command.RoleDelete _,
          Command.RoleGrantPermission _,
          Command.RoleRevokePermission _ ->
          root(state, caller);
      case Command.TokenAdd _, Command.TokenUsed _, Command.TokenDrop _ ->
          serverOnly(state, caller);
    };
  }

  private static @Nullable KvError serverOnly(AuthState state, Caller caller) {
    return judges(state, caller) ? KvError.PERMISSION_DENIED : null;
  }

  /** A put that names a lease also needs to write all keys that are attached to the lease. */
  private static @Nullable KvError put(
      AuthState state, Caller caller, Command.Put put, AttachedKeys attached) {
    KvError error = write(state, caller, put.key(), Bytes.EMPTY);
    if (error == null && put.lease() != 0) {
      error = leaseWrite(state, caller, put.lease(), attached);
    }
    return error == null && put.prevKv() ? read(state, caller, put.key(), Bytes.EMPTY) : error;
  }

  private static @Nullable KvError delete(
      AuthState state, Caller caller, Command.DeleteRange delete) {
    KvError error = write(state, caller, delete.key(), delete.rangeEnd());
    return error == null && delete.prevKv()
        ? read(state, caller, delete.key(), delete.rangeEnd())
        : error;
  }

  /** A transaction that only reads; see the function below. */
  public static @Nullable KvError txn(AuthState state, Caller caller, Command.Txn txn) {
    return txn(state, caller, txn, AttachedKeys.NONE);
  }

  /** All compares and both lists of operations are judged, at every depth. */
  public static @Nullable KvError txn(
      AuthState state, Caller caller, Command.Txn txn, AttachedKeys attached) {
    KvError error = loggedIn(state, caller);
    for (Compare compare : txn.compares()) {
      if (error != null) {
        return error;
      }
      error = read(state, caller, compare.key(), compare.rangeEnd());
    }
    error = error == null ? ops(state, caller, txn.success(), attached) : error;
    return error == null ? ops(state, caller, txn.failure(), attached) : error;
  }

  private static @Nullable KvError ops(
      AuthState state, Caller caller, List<Op> ops, AttachedKeys attached) {
    for (Op op : ops) {
      KvError error =
          switch (op) {
            case Range range -> range(state, caller, range);
            case Command.Put put -> put(state, caller, put, attached);
            case Command.DeleteRange delete -> delete(state, caller, delete);
            case Command.Txn txn -> txn(state, caller, txn, attached);
          };
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  public static @Nullable KvError range(AuthState state, Caller caller, Range range) {
    return read(state, caller, range.key(), range.rangeEnd());
  }

  /**
   * Whether a caller may read a range: a read, a watch, or the previous version of a write.
   *
   * @param rangeEnd as in {@link Range}
   */
  public static @Nullable KvError read(AuthState state, Caller caller, Bytes key, Bytes rangeEnd) {
    return judge(state, caller, key, rangeEnd, false);
  }

  /**
   * Whether a caller may put or delete the keys of a range.
   *
   * @param rangeEnd as in {@link Range}
   */
  public static @Nullable KvError write(AuthState state, Caller caller, Bytes key, Bytes rangeEnd) {
    return judge(state, caller, key, rangeEnd, true);
  }

  /** The one function that decides about a range of keys. */
  private static @Nullable KvError judge(
      AuthState state, Caller caller, Bytes key, Bytes rangeEnd, boolean writes) {
    if (!judges(state, caller)) {
      return null;
    }
    Account account = state.account(caller.user());
    KvError unknown = unknown(caller, account);
    if (unknown != null || account == null || account.isRoot()) {
      return unknown;
    }
    KeyUnion allowed = writes ? account.writes(state) : account.reads(state);
    return allowed.covers(key, rangeEnd) ? null : KvError.PERMISSION_DENIED;
  }

  /** Whether a caller may see which keys are attached to a lease: it needs to read all of them. */
  public static @Nullable KvError leaseRead(
      AuthState state, Caller caller, long lease, AttachedKeys attached) {
    return lease(state, caller, lease, attached, false);
  }

  /** Whether a caller may renew, end or use a lease: it needs to write all attached keys. */
  public static @Nullable KvError leaseWrite(
      AuthState state, Caller caller, long lease, AttachedKeys attached) {
    return lease(state, caller, lease, attached, true);
  }

  private static @Nullable KvError lease(
      AuthState state, Caller caller, long lease, AttachedKeys attached, boolean writes) {
    if (!judges(state, caller)) {
      return null;
    }
    Account account = state.account(caller.user());
    KvError unknown = unknown(caller, account);
    if (unknown != null || account == null || account.isRoot()) {
      return unknown;
    }
    KeyUnion allowed = writes ? account.writes(state) : account.reads(state);
    return allowed.coversAll(lease, attached) ? null : KvError.PERMISSION_DENIED;
  }

  /** Whether a caller may administer the cluster. As in etcd, a user that is gone is not found. */
  public static @Nullable KvError root(AuthState state, Caller caller) {
    if (!judges(state, caller)) {
      return null;
    }
    Account account = state.account(caller.user());
    KvError unknown = unknown(caller, account);
    if (account == null) {
      return caller.user().isEmpty() ? unknown : KvError.USER_NOT_FOUND;
    }
    return unknown != null || account.isRoot() ? unknown : KvError.PERMISSION_DENIED;
  }

  /** Whether a caller is a user at all. */
  public static @Nullable KvError loggedIn(AuthState state, Caller caller) {
    return judges(state, caller) ? unknown(caller, state.account(caller.user())) : null;
  }

  private static boolean judges(AuthState state, Caller caller) {
    return state.enabled() && !caller.isServer();
  }

  private static @Nullable KvError unknown(Caller caller, @Nullable Account account) {
    if (caller.user().isEmpty()) {
      return KvError.USER_EMPTY;
    }
    if (account == null) {
      return KvError.PERMISSION_DENIED;
    }
    return caller.authRevision() < account.user().credentialsRevision()
        ? KvError.AUTH_OLD_REVISION
        : null;
  }
}
