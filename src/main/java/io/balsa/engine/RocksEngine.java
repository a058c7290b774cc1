package io.balsa.engine;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * An engine on RocksDB. Views hold it open: after {@link #close} it ends when the last view is
 * closed, because a read of a closed store would crash the process.
 */
final class RocksEngine implements Engine {
  private final Path dataDirectory;
  private final Path directory;
  private final RocksOptions options;
  private final RocksDB db;

  /** The open views, and 1 for the engine until it is closed. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private RocksEngine(Path dataDirectory, Path directory, RocksOptions options, RocksDB db) {
    this.dataDirectory = dataDirectory;
    this.directory = directory;
    this.options = options;
    this.db = db;
  }

  static RocksEngine open(Path dataDirectory, String directory, int openFilesMax) {
    Path path = dataDirectory.resolve(directory);
    RocksLibrary.load(dataDirectory);
    RocksOptions options = new RocksOptions(openFilesMax);
    try {
      Files.createDirectories(path);
      RocksDB db = RocksDB.open(options.open, path.toString());
      return new RocksEngine(dataDirectory, path, options, db);
    } catch (RocksDBException | IOException e) {
      options.close();
      throw new EngineFailure("cannot open the store in " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public @Nullable Bytes get(Bytes key) {
    try {
      byte[] value = db.get(options.read, key.readOnlyArray());
      return value == null ? null : Bytes.wrap(value);
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  @Override
  public int peek(Bytes key, byte[] head) {
    try {
      int size = db.get(options.read, key.readOnlyArray(), head);
      return size == RocksDB.NOT_FOUND ? NONE : size;
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  @Override
  public void write(Batch batch) {
    if (batch.isEmpty()) {
      return;
    }
    try (WriteBatch changes = new WriteBatch(RocksBatch.encode(batch))) {
      db.write(options.write, changes);
    } catch (RocksDBException e) {
      throw failure("write", e);
    }
  }

  @Override
  public View view() {
    int before = holders.getAndUpdate(held -> held == 0 ? 0 : held + 1);
    Check.that(before > 0, "an engine is used while it is open");
    return new RocksView(db, this::release);
  }

  @Override
  public void flush() {
    try {
      db.flush(options.flush);
    } catch (RocksDBException e) {
      throw failure("flush", e);
    }
  }

  @Override
  public void checkpoint(String target) {
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      Path path = dataDirectory.resolve(target);
      Files.createDirectories(path.toAbsolutePath().getParent());
      checkpoint.createCheckpoint(path.toString());
    } catch (RocksDBException | IOException e) {
      throw failure("copy", e);
    }
  }

  @Override
  public long sizeBytes() {
    try {
      return db.getLongProperty("rocksdb.live-sst-files-size")
          + db.getLongProperty("rocksdb.cur-size-all-mem-tables");
    } catch (RocksDBException e) {
      throw failure("measure", e);
    }
  }

  @Override
  public void close() {
    release();
  }

  private void release() {
    int left = holders.decrementAndGet();
    Check.that(left >= 0, "an engine and its views are closed once");
    if (left == 0) {
      db.close();
      options.close();
    }
  }

  private EngineFailure failure(String verb, Exception cause) {
    return new EngineFailure(
        "cannot " + verb + " the store in " + directory + ": " + cause.getMessage(), cause);
  }
}
