package io.balsa.auth;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A user.
 *
 * @param hash the bcrypt text of the password; empty for none
 * @param noPassword whether the user was added as one without a password
 * @param roles in order of name
 * @param credentialsRevision the revision of {@link AuthState} that created the user or last
 *     changed the password
 */
public record User(
    String name, String hash, boolean noPassword, List<String> roles, long credentialsRevision) {
  /** The user without whom no users can be in force. */
  public static final String ROOT = "root";

  User withRole(String role) {
    List<String> more = new ArrayList<>(roles);
    more.add(role);
    more.sort(Names.ORDER);
    return withRoles(List.copyOf(more));
  }

  User withoutRole(String role) {
    return withRoles(roles.stream().filter(each -> !each.equals(role)).toList());
  }

  private User withRoles(List<String> others) {
    return new User(name, hash, noPassword, others, credentialsRevision);
  }

  User withHash(String changed, long revision) {
    return new User(name, noPassword ? "" : changed, noPassword, roles, revision);
  }

  boolean has(String role) {
    return roles.contains(role);
  }

  long bytes() {
    long bytes = (long) Bytes.utf8(name).size() + hash.length();
    for (String role : roles) {
      bytes += role.length();
    }
    return bytes;
  }

  /** Without the hash: this text may be logged. */
  @Override
  public String toString() {
    return "User[name=" + name + ", roles=" + roles + "]";
  }
}
