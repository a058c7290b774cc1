package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.node.Node;
import java.util.function.Consumer;

/** What a client of the simulated world asks about leases, as the api room asks it. */
sealed interface LeaseCall {
  /** Grants a lease whose id nobody used before, for so many seconds. */
  record Grant(long lease, long ttl) implements LeaseCall {}

  /** Gives a key a value that nobody else writes, and hangs it on a lease; 0 for on none. */
  record Attach(Bytes key, Bytes value, long lease) implements LeaseCall {}

  /** Gives a lease its whole time again. */
  record Renew(long lease) implements LeaseCall {}

  /** Ends a lease. */
  record Revoke(long lease) implements LeaseCall {}

  /** Asks what is left of a lease, and for its keys. */
  record Look(long lease) implements LeaseCall {}

  /** Asks which leases there are. */
  record All() implements LeaseCall {}

  /** Asks a server. */
  default void ask(Node node, Consumer<Outcome> done) {
    switch (this) {
      case Grant(long lease, long ttl) -> node.grantLease(lease, ttl, done);
      case Attach(Bytes key, Bytes value, long lease) ->
          node.propose(new Command.Put(key, value, lease, false, false, false), done);
      case Renew(long lease) -> node.keepAlive(lease, done);
      case Revoke(long lease) -> node.propose(new Command.LeaseRevoke(lease), done);
      case Look(long lease) -> node.timeToLive(lease, true, AnswerRoom.UNBOUNDED, done);
      case All _ -> node.leases(AnswerRoom.UNBOUNDED, done);
    }
  }
}
