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
   * Opens a lane for the state that the server's promises need: the log, the store, Raft's state. A
   * task that fails on it ends the process, because the state after it is unknown.
   *
   * @param name what its thread is called
   */
  Lane lane(String name);

  /**
   * Opens a lane for work that only serves clients. A task that fails on it is logged and counted,
   * and the lane goes on with the next task.
   *
   * @param name what its thread is called
   * @param recover called on the lane after a task failed, to repair its half-done work; when that
   *     fails too, the process ends
   */
  Lane serviceLane(String name, Runnable recover);

  /** As {@link #serviceLane(String, Runnable)}, where tasks share no state. */
  default Lane serviceLane(String name) {
    return serviceLane(name, () -> {});
  }

  /**
   * Opens the lane that talks to the network. On a real host it runs on the thread that reads from
   * peers and writes to them, so a frame needs no switch of threads. Only one such lane may be
   * open; the network works until the lane is closed too.
   *
   * @param name what the lane is called
   */
  Lane networkLane(String name);

  /**
   * Ends the process at once, without closing anything: the disk is as after a crash. On a real
   * host it does not return; in the simulator nothing of the server runs afterwards.
   *
   * @param reason one line for the operator
   */
  void halt(String reason);
}
