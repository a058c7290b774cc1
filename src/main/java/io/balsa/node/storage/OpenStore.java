package io.balsa.node.storage;

import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import io.balsa.kv.Store;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open state: a store on its engine. The engine closes when the state is retired and its last
 * user has left, so that no reader uses a closed engine.
 */
public final class OpenStore {
  private final Engine engine;
  private final Store store;
  private final String directory;
  private int users;
  private boolean retired;
  private Runnable whenClosed = () -> {};

  public OpenStore(String directory, Engine engine, Store store) {
    this.directory = directory;
    this.engine = engine;
    this.store = store;
  }

  /** The store; owned by the apply lane. */
  public Store store() {
    return store;
  }

  public String directory() {
    return directory;
  }

  /**
   * Uses the engine, unless the state is retired.
   *
   * @return false when it is retired: there is a newer state, or the server is at its end
   */
  public boolean use(Consumer<Engine> user) {
    Engine open = enter();
    if (open == null) {
      return false;
    }
    try {
      user.accept(open);
    } finally {
      leave();
    }
    return true;
  }

  /** Becomes a user until {@link #leave}; null when the state is retired. */
  public synchronized @Nullable Engine enter() {
    if (retired) {
      return null;
    }
    users++;
    return engine;
  }

  /** Stops being a user; the last user of a retired state closes the engine. */
  public void leave() {
    boolean last;
    synchronized (this) {
      Check.that(users > 0, "every user that leaves has entered");
      users--;
      last = retired && users == 0;
    }
    if (last) {
      close();
    }
  }

  /** Takes no more users, and closes the engine when all have left; {@code closed} runs then. */
  public void retire(Runnable closed) {
    boolean last;
    synchronized (this) {
      Check.that(!retired, "a state retires once");
      retired = true;
      whenClosed = closed;
      last = users == 0;
    }
    if (last) {
      close();
    }
  }

  private void close() {
    engine.close();
    whenClosed.run();
  }
}
