package io.balsa.kv;

import io.balsa.auth.AuthLimits;
import io.balsa.auth.Tokens;
import io.balsa.auth.Tokens.Token;
import io.balsa.bytes.Bytes;
import io.balsa.rows.Layout;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tokens, with those of the entries that are not stored. Where there are too many, the one goes
 * whose last use in the log is oldest.
 */
final class DraftTokens {
  private final AuthLimits limits;

  /** Gets each changed row; null removes it. */
  private final BiConsumer<Bytes, @Nullable Bytes> changed;

  /** By the index of the entry that added or used it; an entry does so with one token at most. */
  private final NavigableMap<Long, Token> byUse = new TreeMap<>();

  private final Map<String, NavigableMap<Long, Token>> byUser = new TreeMap<>();
  private Tokens now = Tokens.NONE;

  DraftTokens(List<Token> stored, AuthLimits limits, BiConsumer<Bytes, @Nullable Bytes> changed) {
    this.limits = limits;
    this.changed = changed;
    stored.forEach(this::put);
  }

  Tokens now() {
    return now;
  }

  private void put(Token token) {
    now = now.with(token);
    byUse.put(token.used(), token);
    byUser.computeIfAbsent(token.user(), _ -> new TreeMap<>()).put(token.used(), token);
  }

  private void remove(Token token) {
    now = now.without(token.digest());
    byUse.remove(token.used());
    NavigableMap<Long, Token> users = byUser.get(token.user());
    if (users != null) {
      users.remove(token.used());
      if (users.isEmpty()) {
        byUser.remove(token.user());
      }
    }
  }

  void add(Token token) {
    drop(token.digest());
    put(token);
    changed.accept(Layout.token(token.digest()), AuthRows.encode(token));
    NavigableMap<Long, Token> users = byUser.get(token.user());
    if (users != null && users.size() > limits.tokensOfUser()) {
      drop(users.firstEntry().getValue().digest());
    }
    if (byUse.size() > limits.tokens()) {
      drop(byUse.firstEntry().getValue().digest());
    }
  }

  void used(Bytes digest, long index) {
    Token token = now.get(digest);
    if (token != null) {
      add(token.usedAt(index));
    }
  }

  void drop(Bytes digest) {
    Token token = now.get(digest);
    if (token != null) {
      remove(token);
      changed.accept(Layout.token(digest), null);
    }
  }

  void dropOf(String user) {
    NavigableMap<Long, Token> users = byUser.get(user);
    if (users != null) {
      List.copyOf(users.values()).forEach(token -> drop(token.digest()));
    }
  }

  void dropAll() {
    List.copyOf(byUse.values()).forEach(token -> drop(token.digest()));
  }
}
