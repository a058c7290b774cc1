package io.balsa.cli;

import io.balsa.engine.RocksEngines;
import io.balsa.node.StartupFailure;

/**
 * How the descriptors that a process may have are shared out: what the promises need comes first,
 * and clients get what is left.
 *
 * @param limit how many descriptors the process may have
 * @param storeFiles how many files the store may keep open
 * @param connections how many connections clients may have
 */
record DescriptorShares(int limit, int storeFiles, int connections) {
  /** The JVM, its libraries and what every server has open: 80 were counted. */
  private static final int PROGRAM = 100;

  /** For snapshots, a repair, and connections that come or go just now. */
  private static final int PASSING = 32;

  /** For each peer: a link to it and one from it, and as many again while one breaks. */
  private static final int PEER = 4;

  /** Segments beyond what is retained: the newest, the spare, and some for a follower. */
  private static final int SEGMENTS = 8;

  private static final int STORE_FILES_LEAST = 24;
  private static final int CONNECTIONS_LEAST = 8;
  private static final int CONNECTIONS_MAX = 10_000;

  /** An idle connection of gRPC takes 6 kB of heap, one with a few headers more. */
  private static final long CONNECTION_BYTES = 8 * 1024;

  private static final int HEAP_PART = 8;

  /** With fewer connections than that, the limit is worth a line. */
  private static final int FEW = 1_000;

  /**
   * The shares of a server.
   *
   * @param limit how many descriptors the process may have
   * @param heapBytes how large its heap may get
   * @param segments how many segments the log keeps for followers that lag
   * @param members how many servers there are
   * @throws StartupFailure when there are too few to work at all
   */
  static DescriptorShares ofServer(int limit, long heapBytes, long segments, int members)
      throws StartupFailure {
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
   * The shares of a proxy.
   *
   * @param endpoints how many servers it is told of
   * @throws StartupFailure when there are too few to work at all
   */
  static DescriptorShares ofProxy(int limit, long heapBytes, int endpoints) throws StartupFailure {
    long needed = PROGRAM + PASSING + (long) PEER * endpoints;
    if (limit - needed < CONNECTIONS_LEAST) {
      throw tooFew(limit, needed + CONNECTIONS_LEAST);
    }
    return new DescriptorShares(limit, 0, connections(limit - needed, heapBytes));
  }

  private static StartupFailure tooFew(int limit, long least) {
    return new StartupFailure(
        "only %d files may be open in this process, and it needs %d: raise the limit (ulimit -n %d, or LimitNOFILE= of systemd)"
            .formatted(limit, least, 4_096));
  }

  private static int connections(long left, long heapBytes) {
    long inHeap = heapBytes / HEAP_PART / CONNECTION_BYTES;
    long most = Math.min(CONNECTIONS_MAX, Math.max(CONNECTIONS_LEAST, inHeap));
    return (int) Math.min(left, most);
  }

  /** Whether clients get so few that it is worth a line. */
  boolean areFew() {
    return connections < FEW;
  }

  /** The line about it. */
  String line() {
    return "only %d files may be open in this process: clients may have %d connections; raise the limit (ulimit -n, or LimitNOFILE= of systemd) for more"
        .formatted(limit, connections);
  }
}
