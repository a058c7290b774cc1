package io.balsa.node.storage;

import io.balsa.bytes.Check;
import io.balsa.engine.Engine;
import io.balsa.kv.Store;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open state: a store on its engine, closed when it is retired and the last view of it is
 * closed, so that no reader ever meets a closed engine.
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

  /** Owned by the apply lane. */
  public Store store() {
    return store;
  }

  public String directory() {
    return directory;
  }

  /**
   * Uses the engine unless it is retired.
   *
   * @return false when it is: there is a newer state
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

  /** Enters, to leave it later; null when it is retired: there is a newer state. */
  public synchronized @Nullable Engine enter() {
    if (retired) {
      return null;
    }
    users++;
    return engine;
  }

  /** Leaves what was entered. */
  public void leave() {
    boolean last;
    synchronized (this) {
      Check.that(users > 0, "who leaves has entered");
      users--;
      last = retired && users == 0;
    }
    if (last) {
      close();
    }
  }

  /** Lets nobody in any more, and closes the engine when all have left. */
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
