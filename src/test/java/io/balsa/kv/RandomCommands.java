package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.Compare.Operand;
import io.balsa.model.Compare.Relation;
import io.balsa.model.Lease;
import io.balsa.model.Range;
import io.balsa.model.Range.SortOrder;
import io.balsa.model.Range.SortTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Commands and reads over few keys, from a seed. */
public final class RandomCommands {
  private static final List<Bytes> KEYS =
      List.of(
          Bytes.of('a'),
          Bytes.of('a', 0),
          Bytes.of('a', 0, 1),
          Bytes.of('a', 0xff),
          Bytes.of('b'),
          Bytes.of('b', 1),
          Bytes.of(0x7f),
          Bytes.of(0x80),
          Bytes.of(0xff));

  private final Random random;

  public RandomCommands(Random random) {
    this.random = random;
  }

  /** A command for an entry at an index, in a term. */
  public Command command(StoreModel model, long index, long term) {
    return switch (random.nextInt(30)) {
      case 0 -> new Command.Compact(near(model.revision()), false);
      case 1 -> new Command.Compact(between(model.compactRevision(), model.revision()), false);
      case 2 -> alarm();
      case 3 -> new Command.Publish(random.nextInt(4), "n", List.of("u"), random.nextInt(3));
      case 4, 5, 6 -> delete();
      case 7, 8, 9, 10, 11, 12 -> txn(model, 2, false);
      case 24, 25, 26, 27, 28, 29 -> ofLease(model, index, term);
      default -> put();
    };
  }

  /**
   * The same, with many deletions of many keys, and without alarms, under which nothing goes on.
   */
  Command withDeletions(StoreModel model, long index, long term) {
    return switch (random.nextInt(20)) {
      case 0, 1, 2 -> new Command.DeleteRange(key(), Bytes.of(0), random.nextInt(4) == 0);
      case 3, 4, 5, 6, 7, 8, 9, 10 -> put();
      case 11 -> new Command.LeaseGrant(1 + random.nextInt(3), 1);
      case 12 -> new Command.LeaseRevoke(1 + random.nextInt(3));
      default -> {
        Command any = command(model, index, term);
        yield any instanceof Command.SetAlarm ? put() : any;
      }
    };
  }

  private Command ofLease(StoreModel model, long index, long term) {
    long id = 1L + random.nextInt(3);
    Lease lease = model.lease(id);
    long grant = lease == null || random.nextInt(8) == 0 ? index - 1 : lease.grant();
    long decidedIn = random.nextInt(6) == 0 ? term - 1 : term;
    return switch (random.nextInt(6)) {
      case 0 -> new Command.LeaseRevoke(id);
      case 1 -> new Command.LeaseExpire(decidedIn, id, grant);
      case 2 ->
          new Command.LeaseCheckpoint(
              decidedIn,
              random.nextInt(1000),
              List.of(new Command.LeaseDeadline(id, grant, random.nextInt(2000))));
      default -> new Command.LeaseGrant(id, 1 + random.nextInt(100));
    };
  }

  private Command alarm() {
    Alarm.Kind kind = random.nextInt(4) == 0 ? Alarm.Kind.CORRUPT : Alarm.Kind.NOSPACE;
    return new Command.SetAlarm(new Alarm(random.nextInt(2), kind), random.nextInt(5) == 0);
  }

  private Command.Put put() {
    boolean ignoreValue = random.nextInt(8) == 0;
    return new Command.Put(
        key(),
        ignoreValue ? Bytes.EMPTY : value(),
        random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0,
        random.nextBoolean(),
        ignoreValue,
        random.nextInt(8) == 0);
  }

  private Command.DeleteRange delete() {
    return new Command.DeleteRange(key(), rangeEnd(), random.nextBoolean());
  }

  /** A transaction, of reads alone when asked. */
  Command.Txn txn(StoreModel model, int depth, boolean readsOnly) {
    List<Compare> compares = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      compares.add(compare(model));
    }
    return new Command.Txn(compares, ops(model, depth, readsOnly), ops(model, depth, readsOnly));
  }

  private List<Op> ops(StoreModel model, int depth, boolean readsOnly) {
    List<Op> ops = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      int kind = random.nextInt(8);
      if (kind < 3 || (readsOnly && kind < 7)) {
        ops.add(range(model));
      } else if (kind < 6) {
        ops.add(put());
      } else if (kind < 7) {
        ops.add(delete());
      } else if (depth > 0) {
        ops.add(txn(model, depth - 1, readsOnly));
      }
    }
    return ops;
  }

  private Compare compare(StoreModel model) {
    Operand operand =
        switch (random.nextInt(5)) {
          case 0 -> new Operand.Version(random.nextInt(3));
          case 1 -> new Operand.CreateRevision(near(model.revision()));
          case 2 -> new Operand.ModRevision(near(model.revision()));
          case 3 -> new Operand.Lease(random.nextInt(2));
          default -> new Operand.Value(value());
        };
    Relation relation = any(Relation.values());
    return new Compare(key(), rangeEnd(), relation, operand);
  }

  public Range range(StoreModel model) {
    return new Range(
        key(),
        rangeEnd(),
        random.nextInt(4),
        switch (random.nextInt(8)) {
          case 0 -> near(model.revision());
          case 1 -> between(model.compactRevision(), model.revision());
          case 2 -> random.nextInt(10) == 0 ? -1 : 0;
          default -> 0;
        },
        any(SortOrder.values()),
        any(SortTarget.values()),
        random.nextInt(4) == 0,
        random.nextInt(4) == 0,
        bound(model),
        bound(model),
        bound(model),
        bound(model));
  }

  private long bound(StoreModel model) {
    return random.nextInt(8) == 0 ? near(model.revision()) : 0;
  }

  private long near(long revision) {
    return Math.max(0, revision + 1 - random.nextInt(12));
  }

  private long between(long low, long high) {
    return Math.max(0, low) + random.nextLong(high - Math.max(0, low) + 1);
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private Bytes key() {
    return KEYS.get(random.nextInt(KEYS.size()));
  }

  private Bytes rangeEnd() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> Bytes.EMPTY;
      case 2 -> Bytes.of(0);
      default -> key();
    };
  }

  private Bytes value() {
    return random.nextInt(6) == 0 ? Bytes.EMPTY : Bytes.of(random.nextInt(4), random.nextInt(2));
  }
}
