package io.balsa.access;

import io.balsa.auth.AuthState;
import io.balsa.auth.Tokens.Token;
import io.balsa.auth.User;
import io.balsa.bytes.Bytes;
import io.balsa.errors.EtcdError;
import io.balsa.logging.LogEvent;
import io.balsa.login.SimpleToken;
import io.balsa.login.TokenUse;
import io.balsa.login.TokenUse.Heard;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.node.Node;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Simple tokens, which the cluster remembers by their digests. A request with a token that this
 * server knows costs two lookups and no memory.
 */
final class SimpleTokens implements KnownTokens {
  private static final LogEvent NOT_LOOKED =
      LogEvent.debug("io.balsa.access", "the tokens could not be looked at");

  private static final int KEPT_MAX = 20_000;
  private static final int DROPPED_AT_ONCE = 1_000;

  /** A server is never so far behind and yet asked; an index beyond is made up. */
  private static final long BEHIND_MAX = 10_000_000;

  private final Node node;
  private final TokenUse use;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  /** A token that was valid at its last use. */
  private static final class Kept {
    final Bytes digest;
    volatile @Nullable Caller caller;

    Kept(Bytes digest) {
      this.digest = digest;
    }

    Caller caller(String user, long revision) {
      Caller last = caller;
      if (last == null || last.authRevision() != revision || !last.user().equals(user)) {
        last = Caller.of(user, revision);
        caller = last;
      }
      return last;
    }
  }

  SimpleTokens(Node node, TokenUse use) {
    this.node = node;
    this.use = use;
  }

  @Override
  public long awaited(String text) {
    if (kept.containsKey(text)) {
      return 0;
    }
    SimpleToken token = SimpleToken.parse(text);
    long applied = node.appliedIndex();
    boolean later =
        token != null && token.index() > applied && token.index() - applied < BEHIND_MAX;
    return token != null && later ? token.index() : 0;
  }

  @Override
  public Caller caller(String text, AuthState auth) {
    Kept known = kept.get(text);
    Bytes digest = known == null ? digest(text) : known.digest;
    Token token = digest == null ? null : node.tokens().get(digest);
    if (token == null || !isInForce(token, auth)) {
      kept.remove(text);
      throw EtcdError.INVALID_TOKEN.exception();
    }
    return (known == null ? keep(text, token.digest()) : known)
        .caller(token.user(), auth.revision());
  }

  private static @Nullable Bytes digest(String text) {
    SimpleToken token = SimpleToken.parse(text);
    return token == null ? null : token.digest();
  }

  private boolean isInForce(Token token, AuthState auth) {
    User user = auth.user(token.user());
    if (user == null || user.credentialsRevision() != token.credentialsRevision()) {
      return false;
    }
    return switch (use.use(token.digest(), token.used())) {
      case ALIVE -> true;
      case TELL -> {
        node.proposeOwn(new Command.TokenUsed(token.digest()), _ -> {});
        yield true;
      }
      case EXPIRED -> false;
    };
  }

  private Kept keep(String text, Bytes digest) {
    if (kept.size() >= KEPT_MAX) {
      kept.clear();
    }
    Kept fresh = new Kept(digest);
    kept.put(text, fresh);
    return fresh;
  }

  /** Does {@link #look}; a failure ends neither the timer nor the server. */
  void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) { // thread root: the next look may succeed
      NOT_LOOKED.log("error", e);
    }
  }

  /** Notes the tokens that are new or used elsewhere. The leader drops those that have ended. */
  void look() {
    List<Heard> tokens =
        node.tokens().all().stream().map(each -> new Heard(each.digest(), each.used())).toList();
    List<Bytes> ended = use.ended(tokens, DROPPED_AT_ONCE);
    if (!ended.isEmpty() && node.leader() == node.memberId()) {
      node.proposeOwn(new Command.TokenDrop(ended), _ -> {});
    }
  }
}
