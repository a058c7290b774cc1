package io.balsa.node;

import io.balsa.host.Lane;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.WriteId;
import io.balsa.node.leases.LeaseDesk;
import io.balsa.node.peers.Peers;
import io.balsa.node.writes.CommandDesk;
import io.balsa.wire.Frame;
import java.util.function.Consumer;

/** What leases use of this server. */
final class LeaseServer implements LeaseDesk.Needs {
  private final Lane lane;
  private final CommandDesk commands;
  private final Peers peers;
  private final PublishedStatus published;

  /**
   * For the leases of one server.
   *
   * @param lane the raft lane, which owns the links to peers
   */
  LeaseServer(Lane lane, CommandDesk commands, Peers peers, PublishedStatus published) {
    this.lane = lane;
    this.commands = commands;
    this.peers = peers;
    this.published = published;
  }

  @Override
  public void propose(Caller caller, Command command, Consumer<Outcome> done) {
    commands.propose(caller, WriteId.NONE, false, command, AnswerRoom.UNBOUNDED, done);
  }

  @Override
  public void send(long to, Frame frame) {
    lane.run(() -> peers.send(to, frame));
  }

  @Override
  public long term() {
    return published.raft().term();
  }
}
