package io.balsa.auth;

import org.jspecify.annotations.Nullable;

/**
 * A user, and what the user's roles cover. That is found out at the first judgement, because a
 * change of a role may concern many users. Two threads may find out the same at once; the results
 * are equal. A change of a role makes a new account of each user that has it.
 */
final class Account {
  private final User user;
  private final boolean root;
  private final long bytes;
  private @Nullable KeyUnion reads;
  private @Nullable KeyUnion writes;

  Account(User user) {
    this.user = user;
    this.root = user.has(UserRole.ROOT);
    this.bytes = user.bytes();
  }

  User user() {
    return user;
  }

  /** Whether the user may do everything. */
  boolean isRoot() {
    return root;
  }

  long bytes() {
    return bytes;
  }

  KeyUnion reads(AuthState state) {
    KeyUnion found = reads;
    if (found == null) {
      found = state.coverage(user, false);
      reads = found;
    }
    return found;
  }

  KeyUnion writes(AuthState state) {
    KeyUnion found = writes;
    if (found == null) {
      found = state.coverage(user, true);
      writes = found;
    }
    return found;
  }
}
