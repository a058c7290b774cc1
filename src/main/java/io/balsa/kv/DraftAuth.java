package io.balsa.kv;

import io.balsa.auth.AuthLimits;
import io.balsa.auth.AuthState;
import io.balsa.auth.Tokens;
import io.balsa.auth.User;
import io.balsa.auth.UserRole;
import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import io.balsa.model.Digest;
import io.balsa.rows.Layout;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The users, roles and tokens that the entries of one batch changed, before they are stored. */
final class DraftAuth {
  private final DraftTokens tokens;

  /** The changed rows; those with null go. */
  private final Map<Bytes, @Nullable Bytes> rows = new TreeMap<>();

  private AuthState state;

  /** What the present entry has changed. */
  private @Nullable Digest changed;

  private volatile AuthState published;
  private volatile Tokens publishedTokens;

  DraftAuth(Engine engine, AuthLimits limits) {
    try (Engine.View view = engine.view()) {
      this.state = AuthRows.read(view);
      this.tokens = new DraftTokens(AuthRows.tokens(view), limits, this::put);
    }
    this.published = state;
    this.publishedTokens = tokens.now();
  }

  AuthState state() {
    return state;
  }

  DraftTokens tokens() {
    return tokens;
  }

  /** The state of the last batch that was stored, or is being stored; from any thread. */
  AuthState published() {
    return published;
  }

  /** As {@link #published}. */
  Tokens publishedTokens() {
    return publishedTokens;
  }

  /** Whether there are rows of users, or were some: then an earlier version must not go on. */
  boolean isInUse() {
    return state.revision() > 1;
  }

  /** The entry makes another state of it. */
  void change(AuthState next) {
    if (next == state) {
      return;
    }
    for (User user : state.users()) {
      if (next.user(user.name()) == null) {
        put(Layout.user(user.name()), null);
      }
    }
    for (User user : next.users()) {
      if (!user.equals(state.user(user.name()))) {
        put(Layout.user(user.name()), AuthRows.encode(user));
      }
    }
    for (UserRole role : state.roles()) {
      if (next.role(role.name()) == null) {
        put(Layout.role(role.name()), null);
      }
    }
    for (UserRole role : next.roles()) {
      if (!role.equals(state.role(role.name()))) {
        put(Layout.role(role.name()), AuthRows.encode(role));
      }
    }
    put(AuthRows.numbersRow(), AuthRows.numbers(next));
    state = next;
  }

  private void put(Bytes row, @Nullable Bytes value) {
    rows.put(row, value);
    changed = (changed == null ? new Digest(0) : changed).add(row);
    changed.add(value == null ? 0 : 1).add(value == null ? Bytes.EMPTY : value);
  }

  /** The entry ends: what it changed becomes a part of the rolling hash. */
  void end(Digest digest) {
    if (changed != null) {
      digest.add(changed.value());
      changed = null;
    }
  }

  /**
   * Puts the changes into a batch, which is written next. They are published before that. So data
   * that is newer than the permissions is never seen.
   */
  void store(Batch batch) {
    rows.forEach(
        (row, value) -> {
          if (value == null) {
            batch.delete(row);
          } else {
            batch.put(row, value);
          }
        });
    rows.clear();
    published = state;
    publishedTokens = tokens.now();
  }
}
