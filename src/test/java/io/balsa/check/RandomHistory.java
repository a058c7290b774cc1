package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * Histories of an imaginary store. Every operation takes effect at a moment between its call and
 * its return, so each history is legal. Some writes have no answer; half of them took effect.
 */
final class RandomHistory {
  private final Random dice;
  private final Shape shape;
  private final TreeMap<Bytes, KeyNow> store = new TreeMap<>();
  private long revision = 1;
  private int values;

  /**
   * The shape of a history.
   *
   * @param overlap the most moments that an operation takes; processes take turns at random
   * @param values the number of values of writers; 0 for a new value in each write
   */
  record Shape(
      int processes,
      int operations,
      int keys,
      int overlap,
      int values,
      double unanswered,
      boolean revisions) {}

  private record KeyNow(Bytes value, long create, long mod, long version) {}

  private record Planned(
      int process, Bytes key, KeyRequest request, long called, long takesPlace, long returned) {}

  private RandomHistory(long seed, Shape shape) {
    this.dice = new Random(seed);
    this.shape = shape;
  }

  static History legal(long seed, Shape shape) {
    RandomHistory random = new RandomHistory(seed, shape);
    List<Planned> plan = random.plan();
    plan.sort((a, b) -> Long.compare(a.takesPlace, b.takesPlace));
    List<Operation> operations = new ArrayList<>();
    for (Planned planned : plan) {
      random.carryOut(planned, operations);
    }
    return new History(operations);
  }

  private List<Planned> plan() {
    long[] free = new long[shape.processes];
    List<Planned> plan = new ArrayList<>();
    for (int i = 0; i < shape.operations; i++) {
      int process = dice.nextInt(shape.processes);
      long called = free[process] + dice.nextInt(shape.overlap);
      long takesPlace = called + dice.nextInt(shape.overlap);
      long returned = takesPlace + dice.nextInt(shape.overlap);
      free[process] = returned + 1;
      Bytes key = Bytes.utf8("k" + dice.nextInt(shape.keys));
      plan.add(new Planned(process, key, request(), called, takesPlace, returned));
    }
    return plan;
  }

  private KeyRequest request() {
    int kind = dice.nextInt(10);
    if (kind < 4) {
      return new KeyRequest.Get();
    }
    if (kind < 8) {
      return new KeyRequest.Put(value());
    }
    if (kind == 8) {
      return new KeyRequest.Delete();
    }
    Bytes expected =
        values == 0 || shape.values > 0
            ? value()
            : Bytes.utf8("v" + Math.max(1, values - dice.nextInt(4)));
    return new KeyRequest.Cas(dice.nextInt(4) == 0 ? null : expected, value());
  }

  private Bytes value() {
    return Bytes.utf8("v" + (shape.values == 0 ? ++values : dice.nextInt(shape.values)));
  }

  private void carryOut(Planned planned, List<Operation> operations) {
    boolean answered = dice.nextDouble() >= shape.unanswered;
    boolean happens = answered || dice.nextBoolean();
    Answer answer = happens ? apply(planned.key, planned.request) : new Answer.Unknown();
    if (answered || !(planned.request instanceof KeyRequest.Get)) {
      operations.add(
          new Operation(
              planned.process,
              planned.key,
              planned.request,
              answered ? answer : new Answer.Unknown(),
              planned.called,
              answered ? planned.returned : Operation.NEVER));
    }
  }

  private Answer apply(Bytes key, KeyRequest request) {
    KeyNow now = store.get(key);
    return switch (request) {
      case KeyRequest.Get _ when now == null -> new Answer.Nothing(told(revision));
      case KeyRequest.Get _ ->
          new Answer.Found(
              now.value, told(now.create), told(now.mod), told(now.version), told(revision));
      case KeyRequest.Put put -> new Answer.Done(told(put(key, put.value())));
      case KeyRequest.Append append -> new Answer.Done(told(put(key, append.value())));
      case KeyRequest.Delete _ -> {
        revision += now == null ? 0 : 1;
        store.remove(key);
        yield new Answer.Deleted(now != null, told(revision));
      }
      case KeyRequest.Cas cas -> {
        boolean equal = Objects.equals(now == null ? null : now.value, cas.expected());
        yield new Answer.Swapped(equal, told(equal ? put(key, cas.value()) : revision));
      }
    };
  }

  private long put(Bytes key, Bytes value) {
    KeyNow now = store.get(key);
    revision++;
    store.put(
        key,
        new KeyNow(
            value,
            now == null ? revision : now.create,
            revision,
            now == null ? 1 : now.version + 1));
    return revision;
  }

  private long told(long number) {
    return shape.revisions ? number : 0;
  }
}
