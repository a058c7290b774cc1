package io.balsa.node.peers;

import io.balsa.wire.Frame;

/** Takes the frames that members send, and switches on their kinds once. */
@FunctionalInterface
public interface FrameReceiver {
  /**
   * A member sent a frame. Called on a network thread, with one frame of a link at a time. The
   * commands in a message of Raft can be read, and a batch of proposals comes once.
   *
   * @param link the accepted link over which the frame came
   */
  void received(InLink link, Frame.FromMember frame);
}
