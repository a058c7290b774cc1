package io.balsa.sim;

import java.util.ArrayDeque;
import java.util.List;

/** The way of frames from one machine to another. */
final class Way {
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

  /** Gives the frames that waited, once nothing stops them. */
  List<Runnable> unclog() {
    clogs = Math.max(0, clogs - 1);
    return isClogged() ? List.of() : released();
  }

  /** Free again, whatever stopped it; gives the frames that waited. */
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

  /** A frame waits; beyond a bound the oldest is lost. */
  void park(Runnable delivery) {
    if (parked.size() == PARKED_MAX) {
      parked.removeFirst();
    }
    parked.add(delivery);
  }
}
