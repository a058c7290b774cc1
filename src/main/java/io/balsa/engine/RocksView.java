package io.balsa.engine;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** A view on a snapshot of RocksDB. */
final class RocksView implements Engine.View {
  private final RocksDB db;
  private final Runnable released;
  private final Snapshot snapshot;
  private final ReadOptions options;

  RocksView(RocksDB db, Runnable released) {
    this.db = db;
    this.released = released;
    this.snapshot = db.getSnapshot();
    this.options = new ReadOptions().setSnapshot(snapshot);
  }

  @Override
  public @Nullable Bytes get(Bytes key) {
    try {
      byte[] value = db.get(options, key.readOnlyArray());
      return value == null ? null : Bytes.wrap(value);
    } catch (RocksDBException e) {
      throw new EngineFailure("cannot read the store: " + e.getMessage(), e);
    }
  }

  @Override
  public int peek(Bytes key, byte[] head) {
    try {
      int size = db.get(options, key.readOnlyArray(), head);
      return size == RocksDB.NOT_FOUND ? Engine.NONE : size;
    } catch (RocksDBException e) {
      throw new EngineFailure("cannot read the store: " + e.getMessage(), e);
    }
  }

  @Override
  public Engine.Cursor scan(Bytes from, Bytes to) {
    return new RocksCursor(from, to, false);
  }

  @Override
  public Engine.Cursor scanDown(Bytes from, Bytes to) {
    return new RocksCursor(from, to, true);
  }

  @Override
  public void close() {
    options.close();
    db.releaseSnapshot(snapshot);
    snapshot.close();
    released.run();
  }

  private final class RocksCursor implements Engine.Cursor {
    private final boolean down;
    private final Slice from;
    private final Slice to;
    private final ReadOptions bounded;
    private final RocksIterator iterator;
    private boolean started;
    private boolean ended;

    RocksCursor(Bytes from, Bytes to, boolean down) {
      this.down = down;
      this.from = new Slice(from.readOnlyArray());
      this.to = new Slice(to.readOnlyArray());
      this.bounded =
          new ReadOptions()
              .setSnapshot(snapshot)
              .setIterateLowerBound(this.from)
              .setIterateUpperBound(this.to);
      this.iterator = db.newIterator(bounded);
    }

    @Override
    public boolean next() {
      if (!ended) {
        move();
        ended = !iterator.isValid();
        if (ended) {
          failIfBroken();
        }
      }
      return !ended;
    }

    private void move() {
      if (started) {
        step();
      } else if (down) {
        iterator.seekToLast();
      } else {
        iterator.seekToFirst();
      }
      started = true;
    }

    private void step() {
      if (down) {
        iterator.prev();
      } else {
        iterator.next();
      }
    }

    private void failIfBroken() {
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw new EngineFailure("cannot read the store: " + e.getMessage(), e);
      }
    }

    @Override
    public Bytes key() {
      return Bytes.wrap(iterator.key());
    }

    @Override
    public Bytes value() {
      return Bytes.wrap(iterator.value());
    }

    @Override
    public int peek(byte[] head) {
      return iterator.value(head);
    }

    @Override
    public void close() {
      iterator.close();
      bounded.close();
      from.close();
      to.close();
    }
  }
}
