package io.balsa.server;

import io.balsa.bytes.Fatal;
import io.balsa.host.Clock;
import io.balsa.host.Dice;
import io.balsa.host.Disk;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import io.balsa.host.RealHost;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The machine of one server among others in a process. {@link #halt} ends that server alone: none
 * of its lanes takes another task, so it acknowledges nothing more.
 */
final class ServerHost implements Host {
  private static final long LOOK_NANOS = 1_000_000;

  private final GrpcNetwork network;
  private final RealHost machine;
  private final Consumer<String> onHalt;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean halting = new AtomicBoolean();
  private final Object haltTurn = new Object();
  private final CompletableFuture<String> halted = new CompletableFuture<>();

  /**
   * A host.
   *
   * @param onHalt gets the first reason to halt, on any thread of the server
   * @param taskFailed gets the name of a lane that serves clients when a task failed on it
   */
  ServerHost(Disk disk, GrpcNetwork network, Consumer<String> onHalt, Consumer<String> taskFailed) {
    this.network = network;
    this.onHalt = onHalt;
    this.machine = new RealHost(disk, network, this::haltOnce, taskFailed);
  }

  /** Completes with the reason when the server has halted. */
  CompletableFuture<String> halted() {
    return halted;
  }

  @Override
  public void halt(String reason) {
    haltOnce(reason);
    throw new Halted(reason);
  }

  /**
   * The first reason counts; lanes that fail a moment later fail because of it. The handler runs
   * before anything else, because it may end the process, and nothing may keep it from that. Other
   * threads that halt wait for it.
   */
  private void haltOnce(String reason) {
    synchronized (haltTurn) {
      if (!ended.get() && !halting.getAndSet(true)) {
        try {
          onHalt.accept(reason);
        } finally {
          ended.set(true);
          lanes.forEach(Lane::close);
          halted.complete(reason);
        }
      }
    }
  }

  /** Waits until the node's own end, which is under way, has closed all lanes, or for the limit. */
  void awaitRest(long limitMillis) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    while (!isAtRest() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the lanes, the links and the port for peers, without the node's own shutdown, and waits
   * for the tasks under way.
   */
  void end(long limitMillis) {
    ended.set(true);
    lanes.forEach(Lane::close);
    network.close();
    awaitRest(limitMillis);
  }

  /** Whether no thread of a lane runs any more, but maybe the caller's own. */
  boolean isAtRest() {
    return threads.stream().allMatch(each -> !each.isAlive() || each == Thread.currentThread());
  }

  @Override
  public Lane lane(String name) {
    return threaded(machine.lane(name));
  }

  @Override
  public Lane serviceLane(String name, Runnable recover) {
    return threaded(machine.serviceLane(name, recover));
  }

  private Lane threaded(Lane lane) {
    lane.run(() -> threads.add(Thread.currentThread()));
    return opened(lane);
  }

  @Override
  public Lane networkLane(String name) {
    return opened(machine.networkLane(name));
  }

  private Lane opened(Lane lane) {
    lanes.add(lane);
    if (ended.get()) {
      lane.close();
    }
    return lane;
  }

  @Override
  public Clock clock() {
    return machine.clock();
  }

  @Override
  public Dice dice() {
    return machine.dice();
  }

  @Override
  public Disk disk() {
    return machine.disk();
  }

  @Override
  public Network network() {
    return network;
  }

  /** Ends the task that called {@link ServerHost#halt}. */
  static final class Halted extends RuntimeException implements Fatal {
    private static final long serialVersionUID = 1;

    Halted(String reason) {
      super(reason);
    }
  }
}
