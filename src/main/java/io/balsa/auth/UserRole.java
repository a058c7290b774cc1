package io.balsa.auth;

import io.balsa.bytes.Bytes;
import io.balsa.model.Permission;
import java.util.ArrayList;
import java.util.List;

/**
 * A role.
 *
 * @param permissions in order of key; those of the same key in the order in which they were given
 */
public record UserRole(String name, List<Permission> permissions) {
  /** Who has it may do everything, whatever its permissions. It may be given without existing. */
  public static final String ROOT = "root";

  /** With a permission, in the place of the one on the same range if there is one. */
  UserRole with(Permission permission) {
    List<Permission> all = new ArrayList<>(permissions);
    int place = 0;
    for (Permission each : permissions) {
      if (each.isOf(permission.key(), permission.rangeEnd())) {
        all.set(place, permission);
        return new UserRole(name, List.copyOf(all));
      }
      if (each.key().compareTo(permission.key()) > 0) {
        break;
      }
      place++;
    }
    all.add(place, permission);
    return new UserRole(name, List.copyOf(all));
  }

  /** Without the permission on exactly this range. */
  UserRole without(Bytes key, Bytes rangeEnd) {
    return new UserRole(
        name, permissions.stream().filter(each -> !each.isOf(key, rangeEnd)).toList());
  }

  long bytes() {
    long bytes = Bytes.utf8(name).size();
    for (Permission permission : permissions) {
      bytes += permission.key().size() + permission.rangeEnd().size();
    }
    return bytes;
  }
}
