package io.balsa.sim;

import java.util.ArrayDeque;
import java.util.List;

/** The path of frames from one machine to another, in one direction. */
final class NetworkPath {
  private static final int PARKED_MAX = 5_000;

  private int cuts;
  private int clogs;
  private final ArrayDeque<Runnable> parked = new ArrayDeque<>();

  boolean isCut() {
    return cuts > 0;
  }

  boolean isClogged() {
    return clogs > 0;
  }

  void cut() {
    cuts++;
  }

  void mend() {
    cuts = Math.max(0, cuts - 1);
  }

  void clog() {
    clogs++;
  }

  /** Ends one clog; returns the waiting frames if no fault stops them any more. */
  List<Runnable> unclog() {
    clogs = Math.max(0, clogs - 1);
    return isClogged() ? List.of() : released();
  }

  /** Ends all faults; returns the waiting frames. */
  List<Runnable> heal() {
    cuts = 0;
    clogs = 0;
    return released();
  }

  private List<Runnable> released() {
    List<Runnable> free = List.copyOf(parked);
    parked.clear();
    return free;
  }

  /** Lets a frame wait; beyond a bound, the oldest is lost. */
  void park(Runnable delivery) {
    if (parked.size() == PARKED_MAX) {
      parked.removeFirst();
    }
    parked.add(delivery);
  }
}
