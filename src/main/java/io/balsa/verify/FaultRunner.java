package io.balsa.verify;

import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterProcesses;
import io.balsa.processes.Relays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Injects faults at random, one after the other. At the end of a run all are undone. */
final class FaultRunner {
  private final ClusterProcesses cluster;
  private final Relays relays;
  private final List<Verify.Fault> kinds;
  private final List<InjectedFault> injected = new ArrayList<>();
  private final SplittableRandom dice = new SplittableRandom();

  /**
   * A fault.
   *
   * @param from nanoseconds since the run began
   * @param to when it was undone, likewise
   */
  record InjectedFault(long from, long to, String what) {}

  FaultRunner(ClusterProcesses cluster, Relays relays, List<Verify.Fault> kinds) {
    this.cluster = cluster;
    this.relays = relays;
    this.kinds = kinds;
  }

  /** Injects faults for about this time, and returns them. */
  List<InjectedFault> run(Duration length) {
    long begin = System.nanoTime();
    long end = begin + length.toNanos();
    while (System.nanoTime() - end < 0) {
      pause(500, 1_500);
      if (!kinds.isEmpty()) {
        long from = System.nanoTime() - begin;
        String what = inject(kinds.get(dice.nextInt(kinds.size())));
        injected.add(new InjectedFault(from, System.nanoTime() - begin, what));
      }
    }
    return List.copyOf(injected);
  }

  private String inject(Verify.Fault kind) {
    int server = 1 + dice.nextInt(cluster.size());
    return switch (kind) {
      case KILL -> kill(server);
      case PAUSE -> pause(server);
      case PARTITION -> partition(server);
    };
  }

  private String kill(int server) {
    cluster.child(server).kill();
    pause(100, 2_000);
    cluster.start(server);
    return "server " + server + " killed and started again";
  }

  private String pause(int server) {
    cluster.child(server).pause();
    pause(500, 4_000);
    cluster.child(server).resume();
    return "server " + server + " paused";
  }

  private String partition(int server) {
    int other = 1 + (server + dice.nextInt(cluster.size() - 1)) % cluster.size();
    String what =
        switch (dice.nextInt(4)) {
          case 0 -> {
            relays.cut(server, other);
            yield "server " + other + " no longer hears server " + server;
          }
          case 1 -> {
            relays.cut(server, other);
            relays.cut(other, server);
            yield "servers " + server + " and " + other + " cut off from each other";
          }
          default -> {
            relays.isolate(server);
            yield "server " + server + " cut off";
          }
        };
    pause(1_000, 5_000);
    relays.heal();
    return what;
  }

  private void pause(int leastMillis, int mostMillis) {
    Awaiting.pause(Duration.ofMillis(dice.nextInt(leastMillis, mostMillis)));
  }
}
