package io.balsa.verify;

import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterProcesses;
import io.balsa.processes.Relays;
import io.balsa.verify.AccessJudge.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Injects faults at random, one after the other. At the end of a run all are undone. */
final class FaultRunner {
  /** How long a server may take to begin anew. */
  private static final long AFTER_NANOS = Duration.ofSeconds(2).toNanos();

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
   * @param disturbed by {@link System#nanoTime}, until when a server was ended or paused or begins
   *     anew; empty for a fault that lets all servers run
   */
  record InjectedFault(long from, long to, String what, Optional<Span> disturbed) {
    /** A fault that lets all servers run. */
    InjectedFault(long from, long to, String what) {
      this(from, to, what, Optional.empty());
    }
  }

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
        long from = System.nanoTime();
        Verify.Fault kind = kinds.get(dice.nextInt(kinds.size()));
        String what = inject(kind);
        long to = System.nanoTime();
        Optional<Span> disturbed =
            kind == Verify.Fault.PARTITION
                ? Optional.empty()
                : Optional.of(new Span(from, to + AFTER_NANOS));
        injected.add(new InjectedFault(from - begin, to - begin, what, disturbed));
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
