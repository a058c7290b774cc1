package io.balsa.host;

import io.balsa.bytes.Bytes;

/** One connection to a peer, in both directions. */
public interface Link {
  /**
   * Sends a frame, at once and without blocking; from any thread.
   *
   * @return false when the link is closed or has more than its bound of bytes waiting: the frame is
   *     dropped
   */
  boolean send(Bytes frame);

  /** Ends the link; its listener is told. */
  void close();

  /** Who opened it is known now: the narrow bounds for strangers do not hold for it any more. */
  default void known() {}

  /** What a link has to say; called one at a time for a link, on a thread of the network's. */
  interface Listener {
    /** The link is open in both directions. */
    void opened(Link link);

    /** A frame has come. */
    void received(Link link, Bytes frame);

    /**
     * The link is no more, or never was.
     *
     * @param reason for people
     */
    void closed(Link link, String reason);
  }
}
