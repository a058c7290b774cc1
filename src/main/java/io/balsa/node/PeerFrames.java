package io.balsa.node;

import io.balsa.host.Lane;
import io.balsa.node.leases.LeaseDesk;
import io.balsa.node.peers.FrameReceiver;
import io.balsa.node.peers.InLink;
import io.balsa.raft.Input;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import java.util.List;

/** Gives each frame that a member sends to the part that it is for. */
final class PeerFrames implements FrameReceiver {
  /** The parts that take frames. */
  record Targets(RaftLane raft, LogLane log, LeaseDesk leases, HashExchange hashes) {}

  private final Lane lane;
  private final Port<Targets> targets;

  /**
   * For the frames of all links.
   *
   * @param lane the raft lane
   */
  PeerFrames(Lane lane, Port<Targets> targets) {
    this.lane = lane;
    this.targets = targets;
  }

  @Override
  public void received(InLink link, Frame.FromMember frame) {
    Targets to = targets.get();
    switch (frame) {
      case Frame.Raft(Message message) -> to.raft().post(new Input.Receive(link.member(), message));
      case Frame.StateHash hash -> lane.run(() -> to.hashes().received(hash));
      case Frame.OfLease lease -> to.leases().received(link.member(), lease);
      case Frame.EntriesQuestion(List<Long> indexes) -> to.log().answer(indexes, link::send);
    }
  }
}
