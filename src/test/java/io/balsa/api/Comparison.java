package io.balsa.api;

import io.balsa.access.Access;
import io.balsa.login.TokenScheme;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs the same steps on a real etcd and on Balsa, both with an empty store. */
final class Comparison implements AutoCloseable {
  private static final long SHRINKING_NANOS = Duration.ofSeconds(40).toNanos();
  private static final long ETCD_PASS_NANOS = 150_000_000;

  /**
   * The time after which a waiting client has noticed that it holds the lock, before the next step.
   */
  private static final long WAKING_NANOS = 25_000_000;

  /** The least one, so that logins are fast. */
  private static final int HASH_COST = 4;

  /** As in etcd. */
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);

  private static final long PATIENCE_NANOS = 5_000_000_000L;
  private static final long REPLAY_PATIENCE_NANOS = 1_000_000_000L;

  private final EtcdProcess process;
  private final OneServer one;
  private final Party etcd;
  private final Party balsa;
  private final long patienceNanos;
  private final List<Step> steps = new ArrayList<>();
  private CompletableFuture<String> asked = CompletableFuture.completedFuture("");

  private Comparison(Path program, long patienceNanos) throws IOException {
    this.patienceNanos = patienceNanos;
    process = EtcdProcess.start(program, "--bcrypt-cost=" + HASH_COST);
    one = OneServer.start(Access.Settings.of(new TokenScheme.Simple(TOKEN_LIFE), HASH_COST));
    etcd = new Party(process.port());
    balsa = new Party(one.port());
  }

  /** Steps whose last one got different answers. */
  record Difference(List<Step> steps, String etcd, String balsa) {
    /** The step with different answers. */
    String last() {
      return "  " + steps.getLast() + "\netcd:  " + etcd + "\nbalsa: " + balsa;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("answers differ after " + steps.size() + " steps:\n");
      steps
          .subList(0, steps.size() - 1)
          .forEach(step -> text.append("  ").append(step).append('\n'));
      return text.append(last()).toString();
    }
  }

  /** The first difference in this number of steps, unless the step ended the etcd process. */
  static @Nullable Difference random(Path program, RandomSteps dice, int steps) throws IOException {
    try (Comparison comparison = new Comparison(program, PATIENCE_NANOS)) {
      for (int i = 0; i < steps; i++) {
        Step step = dice.next();
        String expected = comparison.etcdAfter(step);
        Difference difference = comparison.difference(step, expected);
        if (difference != null) {
          return comparison.process.isAlive() ? difference : null;
        }
        dice.saw(step, expected);
      }
      return null;
    }
  }

  private static @Nullable Difference replay(Path program, List<Step> steps) throws IOException {
    try (Comparison comparison = new Comparison(program, REPLAY_PATIENCE_NANOS)) {
      for (Step step : steps) {
        Difference difference = comparison.difference(step, comparison.etcdAfter(step));
        if (difference != null) {
          return difference;
        }
      }
      return null;
    }
  }

  /** Removes steps, large groups first, while a difference remains. */
  static Difference shrink(Path program, Difference found) throws IOException {
    Difference smallest = found;
    long end = System.nanoTime() + SHRINKING_NANOS;
    for (int run = found.steps().size() / 2; run > 0; run /= 2) {
      int from = 0;
      while (from + run <= smallest.steps().size() && System.nanoTime() < end) {
        List<Step> fewer = new ArrayList<>(smallest.steps());
        fewer.subList(from, from + run).clear();
        Difference still = replay(program, fewer);
        if (still == null) {
          from += run;
        } else {
          smallest = still;
        }
      }
    }
    return smallest;
  }

  /** Sends a step to both at once; returns etcd's answer. */
  private String etcdAfter(Step step) {
    steps.add(step);
    asked = CompletableFuture.supplyAsync(() -> balsa.ask(step));
    return etcd.ask(step);
  }

  private @Nullable Difference difference(Step step, String expected) {
    String actual = asked.join();
    if (!actual.equals(expected) && !StricterAnswers.differRightly(step, expected, actual)) {
      return new Difference(List.copyOf(steps), expected, actual);
    }
    if (startsInThePast(step)) {
      pause(ETCD_PASS_NANOS);
    } else if (etcd.told().values().stream().anyMatch(StreamTranscript::waits)) {
      pause(WAKING_NANOS);
    }
    Difference told = toldDifferently();
    return told == null && mayWriteLater(step) ? revisionsDiffer() : told;
  }

  /** Whether a step may still write after its answer. */
  private static boolean mayWriteLater(Step step) {
    return switch (step) {
      case Step.Open open -> open.rpc() != Rpc.WATCH;
      case Step.Leave _ -> true;
      case Step.Call _,
          Step.Typed _,
          Step.Say _,
          Step.Expire _,
          Step.Brief _,
          Step.As _,
          Step.Login _,
          Step.Look _ ->
          false;
    };
  }

  private @Nullable Difference revisionsDiffer() {
    long end = System.nanoTime() + patienceNanos;
    while (etcd.revision() != balsa.revision()) {
      if (System.nanoTime() > end) {
        return new Difference(
            List.copyOf(steps), "then at " + etcd.revision(), "then at " + balsa.revision());
      }
      LockSupport.parkNanos(1_000_000);
    }
    return null;
  }

  /** etcd sends past events within 0.1 seconds; the next step must not mix with them. */
  private static boolean startsInThePast(Step step) {
    List<?> requests =
        switch (step) {
          case Step.Open open -> open.requests();
          case Step.Say say -> List.of(say.request());
          case Step.Call _,
              Step.Typed _,
              Step.Leave _,
              Step.Expire _,
              Step.Brief _,
              Step.As _,
              Step.Login _,
              Step.Look _ ->
              List.of();
        };
    return requests.stream()
        .anyMatch(
            request ->
                request instanceof WatchRequest watch && starts(watch.getCreateRequest()) != 0);
  }

  private static long starts(WatchCreateRequest create) {
    return create.getStartRevision();
  }

  private static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** Waits until both got the same on each open call. */
  private @Nullable Difference toldDifferently() {
    Map<Integer, StreamTranscript> ours = balsa.told();
    for (Map.Entry<Integer, StreamTranscript> theirs : etcd.told().entrySet()) {
      StreamTranscript our =
          Objects.requireNonNull(ours.get(theirs.getKey()), "both have the same calls");
      long end = System.nanoTime() + patienceNanos;
      Map<Long, List<String>> expected = theirs.getValue().lines();
      Map<Long, List<String>> actual = our.lines();
      while (!actual.equals(expected)) {
        if (StreamTranscript.isExpired(actual) && etcd.hasLost(theirs.getKey())) {
          break;
        }
        if (System.nanoTime() > end) {
          String name = "on " + theirs.getKey() + " ";
          return new Difference(List.copyOf(steps), name + expected, name + actual);
        }
        LockSupport.parkNanos(1_000_000);
        expected = theirs.getValue().lines();
        actual = our.lines();
      }
      theirs.getValue().agreed(expected);
      our.agreed(actual);
    }
    return null;
  }

  @Override
  public void close() {
    etcd.close();
    balsa.close();
    process.close();
    one.close();
  }
}
