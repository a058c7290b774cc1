package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import org.jspecify.annotations.Nullable;

/** An engine that counts how often it is read. */
final class CountedEngine implements Engine {
  private final Engine engine;
  private int gets;
  private int views;

  CountedEngine(Engine engine) {
    this.engine = engine;
  }

  int gets() {
    return gets;
  }

  int views() {
    return views;
  }

  void forget() {
    gets = 0;
    views = 0;
  }

  @Override
  public @Nullable Bytes get(Bytes key) {
    gets++;
    return engine.get(key);
  }

  @Override
  public void write(Batch batch) {
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
