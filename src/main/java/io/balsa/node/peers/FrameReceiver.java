package io.balsa.node.peers;

import io.balsa.wire.Frame;

/** Takes the frames that members send, and switches on their kinds once. */
@FunctionalInterface
public interface FrameReceiver {
  /**
   * A member sent a frame; called on a thread of the network's, one frame of a link at a time. A
   * message of Raft holds only commands that can be read, and is no repeated proposal.
   *
   * @param link the accepted link over which the frame came
   */
  void received(InLink link, Frame.FromMember frame);
}
