package io.balsa.server;

import io.balsa.engine.RocksEngines;
import io.balsa.host.Descriptors;

/**
 * How a server or a proxy shares out the file descriptors of its process: the log, the store and
 * the links to peers come first, and clients get the rest.
 *
 * @param limit how many descriptors the process may have
 * @param storeFiles how many files the store may keep open
 * @param connections how many connections clients may have
 */
public record DescriptorShares(int limit, int storeFiles, int connections) {
  /** The JVM, its libraries and the files that every server has open: 80 were counted. */
  private static final int PROGRAM = 100;

  /** For snapshots, a repair, and connections that are being opened or closed. */
  private static final int PASSING = 32;

  /** For each peer: a link in each direction, and as many again while broken links close. */
  private static final int PEER = 4;

  /** Segments beyond the retained ones: the newest, the spare, and some for a follower. */
  private static final int SEGMENTS = 8;

  private static final int STORE_FILES_LEAST = 24;
  private static final int CONNECTIONS_LEAST = 8;
  private static final int CONNECTIONS_MAX = 10_000;

  /** An idle connection of gRPC takes 6 kB of heap, one with a few headers more. */
  private static final long CONNECTION_BYTES = 8 * 1024;

  private static final int HEAP_PART = 8;

  /** With fewer connections than that, the server logs a warning. */
  private static final int FEW = 1_000;

  /**
   * The shares of a server.
   *
   * @param limit how many descriptors the process may have
   * @param heapBytes how large its heap may get
   * @param segments how many segments the log keeps for followers that lag
   * @param members how many servers there are
   * @throws ServerFailure when there are too few descriptors to work at all
   */
  static DescriptorShares ofServer(int limit, long heapBytes, long segments, int members)
      throws ServerFailure {
    long needed = PROGRAM + PASSING + (long) PEER * members + SEGMENTS + segments;
    long free = limit - needed;
    long least = 2L * STORE_FILES_LEAST + CONNECTIONS_LEAST;
    if (free < least) {
      throw tooFew(limit, needed + least);
    }
    // while a snapshot takes the place of the store, both are open
    long store = Math.clamp(free / 4, STORE_FILES_LEAST, RocksEngines.OPEN_FILES);
    return new DescriptorShares(limit, (int) store, connections(free - 2 * store, heapBytes));
  }

  /**
   * The shares of a proxy in this process.
   *
   * @param endpoints how many servers the proxy connects to
   * @throws ServerFailure when there are too few descriptors to work at all
   */
  public static DescriptorShares ofProxy(int endpoints) throws ServerFailure {
    return ofProxy(Descriptors.limit(), Runtime.getRuntime().maxMemory(), endpoints);
  }

  static DescriptorShares ofProxy(int limit, long heapBytes, int endpoints) throws ServerFailure {
    long needed = PROGRAM + PASSING + (long) PEER * endpoints;
    if (limit - needed < CONNECTIONS_LEAST) {
      throw tooFew(limit, needed + CONNECTIONS_LEAST);
    }
    return new DescriptorShares(limit, 0, connections(limit - needed, heapBytes));
  }

  private static ServerFailure tooFew(int limit, long least) {
    return new ServerFailure(
        "only %d files may be open in this process, and it needs %d: raise the limit (ulimit -n %d, or LimitNOFILE= of systemd)"
            .formatted(limit, least, 4_096));
  }

  private static int connections(long left, long heapBytes) {
    long inHeap = heapBytes / HEAP_PART / CONNECTION_BYTES;
    long most = Math.min(CONNECTIONS_MAX, Math.max(CONNECTIONS_LEAST, inHeap));
    return (int) Math.min(left, most);
  }

  /** Whether clients get so few connections that the operator should know. */
  public boolean areFew() {
    return connections < FEW;
  }

  /** The line for the operator when they {@link #areFew}. */
  public String line() {
    return "only %d files may be open in this process: clients may have %d connections; raise the limit (ulimit -n, or LimitNOFILE= of systemd) for more"
        .formatted(limit, connections);
  }
}
