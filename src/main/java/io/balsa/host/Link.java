package io.balsa.host;

import io.balsa.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection to a peer, in both directions. */
public interface Link {
  /**
   * Sends a frame, at once and without blocking; from any thread.
   *
   * @return false when the link is closed or has more than its bound of bytes waiting: the frame is
   *     dropped
   */
  boolean send(Bytes frame);

  /** Ends the link and tells its listener. */
  void close();

  /**
   * Says that the server knows the peer that opened the link: the narrow bounds for strangers end.
   */
  default void known() {}

  /**
   * Whether the peer that opened the link has shown that it is at one of some hosts. A network that
   * cannot know says nothing against it.
   *
   * @param hosts names or addresses
   * @return null when nothing speaks against it; otherwise one line
   */
  default @Nullable String unproved(List<String> hosts) {
    return null;
  }

  /** Gets the events of a link, one at a time, on a thread of the network. */
  interface Listener {
    /** The link is open in both directions. */
    void opened(Link link);

    /** A frame has come. */
    void received(Link link, Bytes frame);

    /**
     * The link is closed, or never opened.
     *
     * @param reason for people
     */
    void closed(Link link, String reason);
  }
}
