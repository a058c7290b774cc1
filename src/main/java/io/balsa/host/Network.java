package io.balsa.host;

/**
 * Links to peers, which carry frames. A link keeps the order of its frames and loses none while it
 * lives in life; the simulator's lose, double and reorder, and nothing may depend on it.
 */
public interface Network {
  /**
   * Takes links from peers at the server's own address; at most once.
   *
   * @param listener told about every accepted link, on any thread
   */
  void listen(Link.Listener listener);

  /**
   * Opens a link. Returns at once; the listener is told whether it opened or closed, which can take
   * as long as the network likes: whoever cannot wait so long closes it.
   *
   * @param address where the peer listens, as {@code host:port} or URL
   */
  Link connect(String address, Link.Listener listener);

  /** Stops listening and closes every link. */
  void close();

  /** A frame's largest length in bytes. */
  int FRAME_BYTES_MAX = 8 << 20;
}
