package io.balsa.access;

import io.balsa.auth.AuthState;
import io.balsa.model.Caller;

/** Knows whose token a text is. */
sealed interface KnownTokens permits SimpleTokens, SignedTokens {
  /** The index that this server must have applied before it can judge a token; 0 for none. */
  long awaited(String token);

  /**
   * The user of a token.
   *
   * @param auth the state in force
   * @throws io.grpc.StatusRuntimeException UNAUTHENTICATED for a text that is no token in force
   */
  Caller caller(String token, AuthState auth);
}
