package io.balsa.kv;

import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Lease;
import io.balsa.model.Result;
import org.jspecify.annotations.Nullable;

/** Carries out the lease commands of the log on a draft. */
final class LeaseCommands {
  private final Draft draft;
  private final Deletions deletions;

  LeaseCommands(Draft draft, Deletions deletions) {
    this.draft = draft;
    this.deletions = deletions;
  }

  /**
   * Carries a command out.
   *
   * @param index where it stands in the log
   * @param term the term of its entry
   */
  Result run(Command.OfLease command, long index, long term) {
    return switch (command) {
      case Command.LeaseGrant grant -> grant(grant, index);
      case Command.LeaseRevoke(long id) -> revoke(draft.leases().get(id));
      case Command.LeaseExpire(long decidedIn, long id, long grant) ->
          decidedIn == term
              ? revoke(draft.leases().get(id, grant))
              : refused(KvError.LEADER_CHANGED);
      case Command.LeaseCheckpoint checkpoint ->
          checkpoint.term() == term ? write(checkpoint) : refused(KvError.LEADER_CHANGED);
    };
  }

  private Result grant(Command.LeaseGrant grant, long index) {
    if (grant.ttl() > Lease.MAX_TTL) {
      return refused(KvError.LEASE_TTL_TOO_LARGE);
    }
    if (draft.leases().get(grant.id()) != null) {
      return refused(KvError.LEASE_EXISTS);
    }
    if (draft.leases().count() >= draft.limits().leases()) {
      return refused(KvError.TOO_MANY_LEASES);
    }
    long ttl = Math.max(Lease.MIN_TTL, grant.ttl());
    draft.lease(new Lease(grant.id(), ttl, index, 0));
    return new Result.LeaseGrant(draft.revision(), grant.id(), ttl);
  }

  /** Its keys go in one revision, in their order. */
  private Result revoke(@Nullable Lease lease) {
    if (lease == null) {
      return refused(KvError.LEASE_NOT_FOUND);
    }
    return deletions.revoke(lease);
  }

  private Result write(Command.LeaseCheckpoint checkpoint) {
    draft.leaseClock(Math.max(draft.leaseClock(), checkpoint.clock()));
    for (Command.LeaseDeadline deadline : checkpoint.deadlines()) {
      Lease lease = draft.leases().get(deadline.id(), deadline.grant());
      if (lease != null) {
        draft.lease(lease.endingAt(deadline.deadline()));
      }
    }
    return new Result.Done(draft.revision());
  }

  private Result refused(KvError error) {
    return new Result.Refused(draft.revision(), error);
  }
}
