package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import org.jspecify.annotations.Nullable;

/** An engine that counts how often it is read, and says when it is written. */
final class CountedEngine implements Engine {
  private final Engine engine;
  private int gets;
  private int views;
  private long bytes;
  private Runnable beforeWrite = () -> {};

  CountedEngine(Engine engine) {
    this.engine = engine;
  }

  int gets() {
    return gets;
  }

  int views() {
    return views;
  }

  /** Bytes of values that were read by gets and peeks of the engine itself. */
  long bytes() {
    return bytes;
  }

  void beforeWrite(Runnable told) {
    beforeWrite = told;
  }

  void forget() {
    gets = 0;
    views = 0;
    bytes = 0;
  }

  @Override
  public @Nullable Bytes get(Bytes key) {
    gets++;
    Bytes value = engine.get(key);
    bytes += value == null ? 0 : value.size();
    return value;
  }

  @Override
  public int peek(Bytes key, byte[] head) {
    gets++;
    bytes += head.length;
    return engine.peek(key, head);
  }

  @Override
  public void write(Batch batch) {
    beforeWrite.run();
    engine.write(batch);
  }

  @Override
  public View view() {
    views++;
    return engine.view();
  }

  @Override
  public void flush() {
    engine.flush();
  }

  @Override
  public void checkpoint(String directory) {
    engine.checkpoint(directory);
  }

  @Override
  public long sizeBytes() {
    return engine.sizeBytes();
  }

  @Override
  public void close() {
    engine.close();
  }
}
