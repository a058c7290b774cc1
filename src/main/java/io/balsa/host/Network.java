package io.balsa.host;

/**
 * Links to peers, which carry frames. A real link keeps the order of its frames and loses none
 * while it is open. A simulated link loses, doubles and reorders frames, so callers must not depend
 * on order.
 */
public interface Network {
  /**
   * Takes links from peers at the server's own address; at most once.
   *
   * @param listener told about every accepted link, on any thread
   */
  void listen(Link.Listener listener);

  /**
   * Opens a link. Returns at once. The listener hears whether the link opened or closed, which may
   * take any time. A caller that cannot wait closes the link.
   *
   * @param address where the peer listens, as {@code host:port} or URL
   */
  Link connect(String address, Link.Listener listener);

  /** Stops listening and closes every link. */
  void close();

  /** A frame's largest length in bytes. */
  int FRAME_BYTES_MAX = 8 << 20;
}
