package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.Result;
import java.util.Map;
import java.util.TreeMap;

/** Draws the next requests of clients, from random numbers and earlier answers. */
final class RequestGenerator {
  private final Scenario scenario;
  private final Map<Bytes, Bytes> lastSeen = new TreeMap<>();
  private final double reads;
  private final boolean compacts;
  private final double clears;
  private int values;
  private long newestRevision;

  /** Draws the share of reads in a run, and whether clients compact or clear. */
  RequestGenerator(Scenario scenario, SimDice dice) {
    this.scenario = scenario;
    this.reads = 0.1 + 0.8 * dice.fraction();
    this.compacts = dice.chance(0.3);
    this.clears = dice.chance(0.5) ? 0.3 * dice.fraction() : 0;
  }

  /** The newest revision in any answer. */
  long newestRevision() {
    return newestRevision;
  }

  /** Learns values and the newest revision from an answer. */
  void learn(Call call, Result result) {
    if (call instanceof Call.Get && result instanceof Result.Range range) {
      range.kvs().forEach(kv -> lastSeen.put(kv.key(), kv.value()));
    }
    if (call instanceof Call.Put(Bytes key, Bytes value)) {
      lastSeen.put(key, value);
    }
    newestRevision = Math.max(newestRevision, result.revision());
  }

  /** The next request. */
  Call draw(SimDice own) {
    Bytes key = key(own);
    if (own.chance(reads)) {
      if (newestRevision > 1 && own.chance(0.1)) {
        long revision = Math.max(1, newestRevision - own.below(30));
        return new Call.Past(own.chance(0.2) ? Call.ALL : key, revision);
      }
      return new Call.Get(own.chance(0.2) ? Call.ALL : key, own.chance(0.8));
    }
    int kind = own.below(compacts ? 11 : 10);
    Bytes other = key(own);
    if (kind < 5) {
      return new Call.Put(key, value());
    } else if (kind < 6 && !other.equals(key)) {
      return new Call.Pair(key, value(), other, value());
    } else if (kind < 8) {
      return own.chance(clears) ? new Call.Clear() : new Call.Delete(key);
    } else if (kind < 10) {
      return new Call.Cas(key, own.chance(0.3) ? null : lastSeen.get(key), value());
    }
    return new Call.Compact(Math.max(1, newestRevision - own.below(30)));
  }

  /** One of the scenario's keys. */
  Bytes key(SimDice own) {
    return Bytes.utf8("k" + own.below(scenario.keys()));
  }

  /** A new value. */
  Bytes value() {
    values++;
    return Bytes.utf8("v" + values);
  }
}
