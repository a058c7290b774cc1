package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Histories of one register with few values and many clients, which pause once, half-way: reads,
 * writes and compare-and-swaps, a third each. Every operation takes effect at a random moment of
 * its interval, so each history is legal. Of the operations with unknown outcome half took effect,
 * some of them long after their call.
 */
final class HardHistory {
  private static final Bytes KEY = Bytes.utf8("register");
  private static final long PAUSE = 10_000;

  /**
   * The shape of a history.
   *
   * @param unknown the share of operations that are never answered
   * @param length the most moments that an operation takes
   */
  record Shape(int processes, int operations, int values, double unknown, int length) {}

  private record Planned(int process, KeyRequest request, long called, long done, long returned) {}

  private final Random dice;
  private final Shape shape;

  private HardHistory(long seed, Shape shape) {
    this.dice = new Random(seed);
    this.shape = shape;
  }

  static History legal(long seed, Shape shape) {
    return new HardHistory(seed, shape).carriedOut();
  }

  /** A history with another value in the answer of one read of the last half. */
  static History withOtherRead(History legal, long seed, int values) {
    Random dice = new Random(seed);
    List<Operation> operations = new ArrayList<>(legal.operations());
    List<Integer> reads =
        IntStream.range(operations.size() / 2, operations.size())
            .filter(i -> operations.get(i).answer() instanceof Answer.Found)
            .boxed()
            .toList();
    if (reads.isEmpty()) {
      return legal;
    }
    int at = reads.get(dice.nextInt(reads.size()));
    Operation read = operations.get(at);
    int number = Integer.parseInt(((Answer.Found) read.answer()).value().utf8());
    int other = (number + 1 + dice.nextInt(values - 1)) % values;
    operations.set(at, read.with(found(value(other)), read.returned()));
    return new History(operations);
  }

  /** A history with successive reads in the pause, in which only unanswered writes are open. */
  static History withReadsInThePause(History legal, int... read) {
    List<Operation> operations = new ArrayList<>(legal.operations());
    long now = Long.MIN_VALUE;
    for (Operation operation : legal.operations()) {
      if (now != Long.MIN_VALUE && operation.called() > now + PAUSE / 2) {
        break;
      }
      now = operation.isCertain() ? Math.max(now, operation.returned()) : now;
    }
    for (int number : read) {
      now += 2;
      operations.add(
          new Operation(99, KEY, new KeyRequest.Get(), found(value(number)), now, now + 1));
    }
    return new History(operations);
  }

  private History carriedOut() {
    List<Operation> operations = new ArrayList<>();
    List<Planned> plan = plan();
    plan.sort(Comparator.comparingLong(Planned::done));
    Bytes[] now = {null};
    for (Planned planned : plan) {
      boolean answered = planned.returned != Operation.NEVER;
      boolean happens = answered || dice.nextBoolean();
      Answer answer = happens ? apply(planned.request, now) : new Answer.Unknown();
      if (answered || !(planned.request instanceof KeyRequest.Get)) {
        operations.add(
            new Operation(
                planned.process,
                KEY,
                planned.request,
                answered ? answer : new Answer.Unknown(),
                planned.called,
                planned.returned));
      }
    }
    return new History(operations);
  }

  private static Answer apply(KeyRequest request, Bytes[] now) {
    if (request instanceof KeyRequest.Put put) {
      now[0] = put.value();
      return new Answer.Done(0);
    }
    if (request instanceof KeyRequest.Cas cas) {
      boolean equal = Objects.equals(cas.expected(), now[0]);
      now[0] = equal ? cas.value() : now[0];
      return new Answer.Swapped(equal, 0);
    }
    return now[0] == null ? new Answer.Nothing(0) : found(now[0]);
  }

  private static Answer.Found found(Bytes value) {
    return new Answer.Found(value, 0, 0, 0, 0);
  }

  private List<Planned> plan() {
    List<Planned> plan = new ArrayList<>();
    long[] free = new long[shape.processes];
    for (int i = 0; i < shape.operations; i++) {
      int process = i % shape.processes;
      if (i == shape.operations / 2) {
        Arrays.fill(free, Arrays.stream(free).max().orElseThrow() + PAUSE);
      }
      long called = free[process] + dice.nextInt(3);
      long done = called + dice.nextInt(shape.length);
      long returned = done + dice.nextInt(shape.length);
      boolean unknown = dice.nextDouble() < shape.unknown;
      free[process] = returned + 1;
      plan.add(
          unknown
              ? new Planned(i + 1000, request(), called, done + late(), Operation.NEVER)
              : new Planned(process, request(), called, done, returned));
    }
    return plan;
  }

  private int late() {
    return dice.nextInt(4) == 0 ? dice.nextInt(10 * shape.length) : 0;
  }

  private KeyRequest request() {
    return switch (dice.nextInt(3)) {
      case 0 -> new KeyRequest.Get();
      case 1 -> new KeyRequest.Put(value(dice.nextInt(shape.values)));
      default ->
          new KeyRequest.Cas(value(dice.nextInt(shape.values)), value(dice.nextInt(shape.values)));
    };
  }

  private static Bytes value(int number) {
    return Bytes.utf8(Integer.toString(number));
  }
}
