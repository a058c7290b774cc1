package io.balsa.node.reads;

import io.balsa.auth.AuthState;
import io.balsa.bytes.Check;
import io.balsa.bytes.Undo;
import io.balsa.engine.Engine;
import io.balsa.kv.StoreReader;
import io.balsa.node.storage.OpenStore;
import org.jspecify.annotations.Nullable;

/**
 * A view of the state that several reads share. It is closed when the last of them has left it, so
 * an interrupted read keeps it open. Owned by a read lane.
 */
final class OpenView {
  private final OpenStore state;
  private final Engine.View view;
  private final StoreReader reader;
  private int users = 1;

  private OpenView(OpenStore state, Engine.View view, StoreReader reader) {
    this.state = state;
    this.view = view;
    this.reader = reader;
  }

  /**
   * Opens a view with one user.
   *
   * @param before the last reader of this lane, whose memory is used again; null for none
   * @return null when the state is retired
   */
  static @Nullable OpenView of(OpenStore state, @Nullable StoreReader before) {
    Engine engine = state.enter();
    if (engine == null) {
      return null;
    }
    try (Undo<RuntimeException> undo = new Undo<>(state::leave)) {
      Engine.View view = engine.view();
      AuthState auth = state.store().auth(); // after the view, so that it is not older
      StoreReader reader = before == null ? StoreReader.of(view, auth) : before.in(view, auth);
      undo.cancel();
      return new OpenView(state, view, reader);
    }
  }

  StoreReader reader() {
    return reader;
  }

  /** Adds a user. */
  OpenView enter() {
    Check.that(users > 0, "a view is used while it is open");
    users++;
    return this;
  }

  /** Removes a user; the last one closes the view. */
  void leave() {
    users--;
    Check.that(users >= 0, "every user that leaves a view has entered it");
    if (users == 0) {
      view.close();
      state.leave();
    }
  }
}
