package io.balsa.sim;

import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Range;
import io.balsa.model.WriteId;
import io.balsa.node.Node;
import java.util.function.Consumer;

/** A request of a simulated user, as the api room makes it. */
sealed interface UserCall {
  /** Something for the log: a write, a command about leases, or about users and roles. */
  record Change(Command command) implements UserCall {}

  /** A read of a range. */
  record Look(Range range, boolean linearizable) implements UserCall {}

  /** Sends it to a server; its name in the log is {@code write}. */
  default void ask(Node node, Caller caller, WriteId write, Consumer<Outcome> done) {
    switch (this) {
      case Change(Command command) ->
          node.propose(caller, write, false, command, AnswerRoom.UNBOUNDED, done);
      case Look(Range range, boolean linearizable) ->
          node.read(caller, range, linearizable, AnswerRoom.UNBOUNDED, done);
    }
  }
}
