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
   * Opens a lane.
   *
   * @param name what its thread is called
   */
  Lane lane(String name);

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
