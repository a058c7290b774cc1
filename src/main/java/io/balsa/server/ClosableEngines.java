package io.balsa.server;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.engine.Engines;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Engines that can be closed all at once when a server ends without its node's own shutdown. */
final class ClosableEngines implements Engines {
  private final Engines engines;
  private final List<Opened> opened = new CopyOnWriteArrayList<>();

  ClosableEngines(Engines engines) {
    this.engines = engines;
  }

  @Override
  public Engine open(String directory) {
    Opened engine = new Opened(engines.open(directory));
    opened.add(engine);
    return engine;
  }

  /** Closes those that are open. Call it when no thread uses them. */
  void closeAll() {
    opened.forEach(Opened::close);
  }

  private final class Opened implements Engine {
    private final Engine engine;
    private final AtomicBoolean closed = new AtomicBoolean();

    Opened(Engine engine) {
      this.engine = engine;
    }

    @Override
    public @Nullable Bytes get(Bytes key) {
      return engine.get(key);
    }

    @Override
    public int peek(Bytes key, byte[] head) {
      return engine.peek(key, head);
    }

    @Override
    public void write(Batch batch) {
      engine.write(batch);
    }

    @Override
    public View view() {
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
      if (!closed.getAndSet(true)) {
        opened.remove(this);
        engine.close();
      }
    }
  }
}
