package io.balsa.auth;

import org.jspecify.annotations.Nullable;

/** A role, and what it covers: shared by all users that have this role alone. */
final class GrantedRole {
  private final Role role;
  private final long bytes;
  private @Nullable Coverage reads;
  private @Nullable Coverage writes;

  GrantedRole(Role role) {
    this.role = role;
    this.bytes = role.bytes();
  }

  Role role() {
    return role;
  }

  long bytes() {
    return bytes;
  }

  /** As in {@link Account}, found out at the first judgement. */
  Coverage coverage(boolean writing) {
    Coverage found = writing ? writes : reads;
    if (found == null) {
      found = Coverage.of(role.permissions(), writing);
      if (writing) {
        writes = found;
      } else {
        reads = found;
      }
    }
    return found;
  }
}
