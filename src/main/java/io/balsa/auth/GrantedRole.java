package io.balsa.auth;

import org.jspecify.annotations.Nullable;

/** A role, and what it covers: shared by all users that have this role alone. */
final class GrantedRole {
  private final UserRole role;
  private final long bytes;
  private @Nullable KeyUnion reads;
  private @Nullable KeyUnion writes;

  GrantedRole(UserRole role) {
    this.role = role;
    this.bytes = role.bytes();
  }

  UserRole role() {
    return role;
  }

  long bytes() {
    return bytes;
  }

  /** As in {@link Account}, found out at the first judgement. */
  KeyUnion coverage(boolean writing) {
    KeyUnion found = writing ? writes : reads;
    if (found == null) {
      found = KeyUnion.of(role.permissions(), writing);
      if (writing) {
        writes = found;
      } else {
        reads = found;
      }
    }
    return found;
  }
}
