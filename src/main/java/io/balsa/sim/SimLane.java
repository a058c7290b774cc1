package io.balsa.sim;

import io.balsa.host.Lane;

/** A lane as a queue of events, with its own busy time. */
final class SimLane implements Lane {
  private final World world;
  private final SimHost host;
  private final String name;
  private long busyUntil;
  private boolean closed;

  SimLane(World world, SimHost host, String name) {
    this.world = world;
    this.host = host;
    this.name = name;
  }

  String name() {
    return name;
  }

  SimHost host() {
    return host;
  }

  long busyUntil() {
    return busyUntil;
  }

  void busyUntil(long time) {
    busyUntil = time;
  }

  /** What a task costs beside what it spends. */
  long taskNanos() {
    return host.taskNanos();
  }

  @Override
  public void run(Runnable task) {
    give(world.local(), task);
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    give(world.local() + host.clock().virtual(delayNanos), task);
  }

  private void give(long at, Runnable task) {
    if (!closed) {
      world.at(
          at,
          this,
          () -> {
            if (!closed) {
              task.run();
            }
          });
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
