package io.balsa.wal;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random batches that Raft could ask for, given a log. */
final class RandomBatches {
  static final Configuration FIRST = Configuration.of(List.of(1L, 2L, 3L));
  static final Identity IDENTITY = new Identity(77, 1, 4711, 0);

  private final Random random;
  private final int payloadBytesMax;
  private long number;
  private long committed;

  RandomBatches(Random random, int payloadBytesMax) {
    this.random = random;
    this.payloadBytesMax = payloadBytesMax;
  }

  /** Up to here nothing will be overwritten. */
  long committed() {
    return committed;
  }

  /** After a crash less of the log may be there. */
  void committedAtMost(long index) {
    committed = Math.min(committed, index);
  }

  /** The effects of one batch; the log already has them afterwards. */
  List<Effect> batch(ModelLog log) {
    List<Effect> effects = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Effect effect = random.nextInt(40) == 0 ? reset(log) : persist(log);
      effects.add(effect);
      log.write(effect);
    }
    long last = log.last().index();
    if (last > committed && random.nextInt(3) == 0) {
      committed += 1 + random.nextLong(last - committed);
    }
    return effects;
  }

  /** A batch of entries at the end of the log. */
  Effect append(ModelLog log, int count, int payloadBytes) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      long index = log.last().index() + i;
      entries.add(new Entry(index, log.term(), Entry.Kind.COMMAND, payload(payloadBytes)));
    }
    Effect effect = new Effect.Persist(++number, log.term(), log.votedFor(), entries);
    log.write(effect);
    return effect;
  }

  private Effect persist(ModelLog log) {
    long term = log.term();
    long votedFor = log.votedFor();
    if (random.nextInt(4) == 0) {
      term += 1 + random.nextInt(2);
      votedFor = random.nextInt(4);
    } else if (votedFor == 0) {
      votedFor = random.nextInt(4);
    }
    return new Effect.Persist(++number, term, votedFor, entries(log, term));
  }

  private List<Entry> entries(ModelLog log, long term) {
    long index = log.last().index() + 1;
    if (random.nextInt(6) == 0 && index - 1 > committed) {
      index -= random.nextLong(index - committed);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0 && term > 0; i--) {
      entries.add(entry(index++, term));
    }
    return entries;
  }

  private Entry entry(long index, long term) {
    return switch (random.nextInt(12)) {
      case 0 -> new Entry(index, term, Entry.Kind.NO_OP, Bytes.EMPTY);
      case 1 -> new Entry(index, term, Entry.Kind.CONFIGURATION, configuration().encode());
      case 2 -> new Entry(index, term, Entry.Kind.COMMAND, payload(payloadBytesMax));
      default -> {
        int length = random.nextInt(1 + payloadBytesMax / 20);
        yield new Entry(index, term, Entry.Kind.COMMAND, payload(length));
      }
    };
  }

  private Configuration configuration() {
    return Configuration.of(List.of(1L, 2L, 3L + random.nextInt(5)));
  }

  private Effect reset(ModelLog log) {
    committed = Math.max(committed, log.base()) + random.nextInt(100);
    long term = Math.max(1, log.term());
    return new Effect.Reset(++number, new Snapshot(committed, term, configuration()));
  }

  private Bytes payload(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }
}
