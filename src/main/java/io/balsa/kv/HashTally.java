package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.KeyValue;
import io.balsa.model.Seen;
import io.balsa.rows.Change;
import io.balsa.rows.Head;
import io.balsa.rows.Layout;
import io.balsa.rows.Octets;
import io.balsa.rows.Row;
import io.balsa.rows.Version;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what {@link HashReading} would find, while a compaction goes over the changes. So the
 * hash of a compact revision costs a few point reads a change, and no scan of the store.
 */
final class HashTally {
  private final Engine engine;
  private final Head head = new Head(new Octets());
  private long alive;
  private long passed;
  private long bytes;

  HashTally(Engine engine, KeptHashes begun) {
    this.engine = engine;
    this.alive = begun.alive();
    this.passed = begun.passed();
  }

  long alive() {
    return alive;
  }

  long passed() {
    return passed;
  }

  /** The bytes of keys and values read so far. */
  long bytes() {
    return bytes;
  }

  /** Counts the next change; the version that it superseded is not removed yet. */
  void count(Change change, long revision) {
    boolean first = change.superseded() < revision; // not within one transaction
    if (first && change.superseded() != 0) {
      long ended = hash(superseded(change.key(), change.superseded()));
      alive -= ended;
      passed += ended;
    }
    if (change.deleted()) {
      passed += HashReading.deletion(change.key(), revision);
    } else if (first) {
      alive += hash(made(change.key(), revision));
    }
  }

  private long hash(@Nullable KeyValue kv) {
    if (kv == null) {
      return 0;
    }
    bytes += kv.key().size() + kv.value().size();
    return HashReading.version(kv);
  }

  /** The version that a revision made, if the revision did not end it too. */
  private @Nullable KeyValue made(Bytes key, long revision) {
    int size = engine.peek(Layout.current(key), head.octets());
    if (size != Engine.NONE) {
      Seen seen = head.newest(size).seen(key);
      if (seen.kv().modRevision() == revision) {
        return whole(seen);
      }
    }
    return superseded(key, revision);
  }

  private KeyValue whole(Seen seen) {
    if (seen.kv().value().size() == seen.valueSize()) {
      return seen.kv();
    }
    Bytes row = engine.get(Layout.current(seen.kv().key()));
    return row == null ? seen.kv() : Row.decode(seen.kv().key(), row);
  }

  private @Nullable KeyValue superseded(Bytes key, long revision) {
    Bytes row = engine.get(Layout.history(key, revision));
    if (row == null) {
      return null;
    }
    Version version = Version.decode(key, row);
    return version.end() > revision ? version.kv() : null;
  }
}
