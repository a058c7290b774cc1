package io.balsa.host;

/** A machine: everything outside a server's own memory. */
public interface Host {
  /** Monotonic and wall time. */
  Clock clock();

  /** Random numbers. */
  Dice dice();

  /** The server's data directory. */
  Disk disk();

  /** The way to the peers. */
  Network network();

  /**
   * Opens a lane for what the server's promises rest on: the log, the store, Raft's state. A task
   * that fails on it ends the process, for nobody knows what it left.
   *
   * @param name what its thread is called
   */
  Lane lane(String name);

  /**
   * Opens a lane for what only serves clients. A task that fails on it is told and counted, and the
   * lane goes on with the next one.
   *
   * @param name what its thread is called
   * @param recover called on the lane after a task failed, to bring what it left half done in
   *     order; when that fails too, the process ends
   */
  Lane serviceLane(String name, Runnable recover);

  /** As {@link #serviceLane(String, Runnable)}, where tasks share no state. */
  default Lane serviceLane(String name) {
    return serviceLane(name, () -> {});
  }

  /**
   * Opens the lane that talks to the network: in life it runs on the thread that reads from peers
   * and writes to them, so that a frame's way in and out needs no other one to wake up. One at a
   * time; the network works until it is closed as well.
   *
   * @param name what the lane is called
   */
  Lane networkLane(String name);

  /**
   * Ends the process at once, without any of its closing work: the state on disk is what a crash
   * leaves. Does not return in life; in the simulator nothing of the server runs afterwards.
   *
   * @param reason one line for the operator
   */
  void halt(String reason);
}
