package io.balsa.model;

import io.balsa.bytes.Bytes;
import java.util.List;

/** A command in the log, for the state machine. */
public sealed interface Command {
  /**
   * Gives a key a value, as etcd's Put.
   *
   * @param lease the lease that the key is attached to; 0 for none
   * @param prevKv whether the result holds the previous version
   * @param ignoreValue keep the value that is there
   * @param ignoreLease keep the lease that is there
   */
  record Put(
      Bytes key, Bytes value, long lease, boolean prevKv, boolean ignoreValue, boolean ignoreLease)
      implements Command, Op {}

  /**
   * Deletes keys, as etcd's DeleteRange.
   *
   * @param rangeEnd as in {@link Range}
   * @param prevKv whether the result holds the deleted versions
   */
  record DeleteRange(Bytes key, Bytes rangeEnd, boolean prevKv) implements Command, Op {}

  /** Compares, then does one of two lists of operations, as etcd's Txn. */
  record Txn(List<Compare> compares, List<Op> success, List<Op> failure) implements Command, Op {}

  /**
   * Forgets the versions that were superseded at or before the revision, as etcd's Compact.
   *
   * @param physical whether the answer waits until the server that answers has given back the space
   */
  record Compact(long revision, boolean physical) implements Command {}

  /**
   * The leader goes on with the oldest large deletion: the next of its keys become history. It has
   * no effect when that deletion is over or is not the oldest.
   *
   * @param tombstone the revision that the deletion made
   */
  record Sweep(long tombstone) implements Command {}

  /**
   * The leader restarts the rolling hash after an upgrade. The new hash holds nothing that replicas
   * hashed by different rules.
   */
  record BeginHash() implements Command {}

  /** Raises or clears an alarm, as etcd's Alarm with ACTIVATE or DEACTIVATE. */
  record SetAlarm(Alarm alarm, boolean active) implements Command {}

  /**
   * A server publishes its name and addresses at its start, so that all servers list it alike.
   *
   * @param disk the number that its data directory got when it was made; the first one published
   *     for a member stays, so that a member that comes back with an empty disk is noticed
   */
  record Publish(long member, String name, List<String> clientUrls, long disk) implements Command {}

  /**
   * The leader sets the quota, so that all servers refuse alike.
   *
   * @param bytes 0 for no bound
   */
  record SetQuota(long bytes) implements Command {}

  /** A command about leases. */
  sealed interface OfLease extends Command {}

  /**
   * Grants a lease, as etcd's LeaseGrant.
   *
   * @param id not 0; the proposing server chose it if the client did not
   * @param ttl in seconds; the proposing server raised it to the shortest that this cluster grants
   */
  record LeaseGrant(long id, long ttl) implements OfLease {}

  /** A client ends a lease; its keys go with it in one revision. */
  record LeaseRevoke(long id) implements OfLease {}

  /**
   * The leader ends a lease whose time has passed. It is refused in any later term: a later leader
   * may have promised the lease more time.
   *
   * @param grant the lease that is meant, by {@link Lease#grant}: not a later one of the same id
   */
  record LeaseExpire(long term, long id, long grant) implements OfLease {}

  /**
   * The leader writes down the lease times that a next leader needs. It is refused in any later
   * term.
   *
   * @param clock the lease clock, in milliseconds; it never goes back
   */
  record LeaseCheckpoint(long term, long clock, List<LeaseDeadline> deadlines) implements OfLease {}

  /**
   * When a lease ends.
   *
   * @param grant as in {@link LeaseExpire}
   * @param deadline by the lease clock, in milliseconds; with 0 a next leader gives the lease its
   *     whole time
   */
  record LeaseDeadline(long id, long grant, long deadline) {}

  /** An operation inside a transaction. */
  sealed interface Op permits Range, Put, DeleteRange, Txn {}

  /**
   * A command about users, roles and tokens. Names are at most {@link StoreLimits#NAME_BYTES} bytes
   * long. None of them holds a password.
   */
  sealed interface OfAuth extends Command {}

  /** From now on every client needs a user, as etcd's AuthEnable. */
  record AuthEnable() implements OfAuth {}

  /** Clients need no user any more, as etcd's AuthDisable. All tokens are dropped. */
  record AuthDisable() implements OfAuth {}

  /**
   * Adds a user, as etcd's UserAdd.
   *
   * @param hash the bcrypt text of the password; empty for a user without one
   * @param noPassword whether the user has no password, and shows another proof of identity
   */
  record UserAdd(String name, String hash, boolean noPassword) implements OfAuth {
    /** Without the hash: this text may be logged. */
    @Override
    public String toString() {
      return "UserAdd[name=" + name + ", noPassword=" + noPassword + "]";
    }
  }

  /** Deletes a user and drops the user's tokens, as etcd's UserDelete. */
  record UserDelete(String name) implements OfAuth {}

  /**
   * Changes a user's password and drops the user's tokens, as etcd's UserChangePassword.
   *
   * @param hash as in {@link UserAdd}
   */
  record UserChangePassword(String name, String hash) implements OfAuth {
    /** Without the hash: this text may be logged. */
    @Override
    public String toString() {
      return "UserChangePassword[name=" + name + "]";
    }
  }

  /** Gives a user a role, as etcd's UserGrantRole. */
  record UserGrantRole(String user, String role) implements OfAuth {}

  /** Takes a role from a user, as etcd's UserRevokeRole. */
  record UserRevokeRole(String user, String role) implements OfAuth {}

  /** Adds a role without permissions, as etcd's RoleAdd. */
  record RoleAdd(String role) implements OfAuth {}

  /** Deletes a role, also from the users that have it, as etcd's RoleDelete. */
  record RoleDelete(String role) implements OfAuth {}

  /** Gives a role a permission, as etcd's RoleGrantPermission. */
  record RoleGrantPermission(String role, Permission permission) implements OfAuth {}

  /** Takes the permission on exactly this range from a role, as etcd's RoleRevokePermission. */
  record RoleRevokePermission(String role, Bytes key, Bytes rangeEnd) implements OfAuth {}

  /**
   * A server has let a user in, and gives out a token.
   *
   * @param digest stands for the token, which is never stored
   * @param credentialsRevision the revision of the user's credentials that were checked; the
   *     command is refused if they have changed since
   */
  record TokenAdd(String user, Bytes digest, long credentialsRevision) implements OfAuth {}

  /** A token was used, so that others go before it when there are too many. */
  record TokenUsed(Bytes digest) implements OfAuth {}

  /** The leader drops tokens whose time is over. Unknown ones change nothing. */
  record TokenDrop(List<Bytes> digests) implements OfAuth {}
}
