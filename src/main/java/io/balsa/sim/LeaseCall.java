package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.node.Node;
import java.util.function.Consumer;

/** A request of a simulated client about leases, made as the api room makes it. */
sealed interface LeaseCall {
  /** Grants a lease with a new id, for a TTL in seconds. */
  record Grant(long lease, long ttl) implements LeaseCall {}

  /** Writes a key with a value that no other call writes, and attaches a lease; 0 for none. */
  record Attach(Bytes key, Bytes value, long lease) implements LeaseCall {}

  /** Renews a lease (LeaseKeepAlive). */
  record Renew(long lease) implements LeaseCall {}

  /** Revokes a lease. */
  record Revoke(long lease) implements LeaseCall {}

  /** Asks for the remaining time of a lease, and for its keys. */
  record Look(long lease) implements LeaseCall {}

  /** Lists all leases. */
  record All() implements LeaseCall {}

  /** Sends the request to a server. */
  default void ask(Node node, Consumer<Outcome> done) {
    switch (this) {
      case Grant(long lease, long ttl) -> node.grantLease(Caller.SERVER, lease, ttl, done);
      case Attach(Bytes key, Bytes value, long lease) ->
          node.proposeOwn(new Command.Put(key, value, lease, false, false, false), done);
      case Renew(long lease) -> node.keepAlive(Caller.SERVER, lease, done);
      case Revoke(long lease) -> node.proposeOwn(new Command.LeaseRevoke(lease), done);
      case Look(long lease) ->
          node.timeToLive(Caller.SERVER, lease, true, AnswerRoom.UNBOUNDED, done);
      case All _ -> node.leases(Caller.SERVER, AnswerRoom.UNBOUNDED, done);
    }
  }
}
