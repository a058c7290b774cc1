package io.balsa.sim;

import io.balsa.auth.AuthState;
import io.balsa.auth.User;
import io.balsa.auth.UserRole;
import io.balsa.bytes.Bytes;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Compare;
import io.balsa.model.Permission;
import io.balsa.model.Range;
import io.balsa.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what after an entry of the log. It is found out as simply as possible, and without the
 * code of the servers: a range is allowed if each of its keys is. Keys that matter are asked one by
 * one. Immutable.
 *
 * @param users by name
 * @param roles the permissions of each role
 */
record PlainRights(
    boolean enabled,
    long revision,
    Map<String, Person> users,
    Map<String, List<Permission>> roles) {
  /** Of a cluster without users. */
  static final PlainRights NONE = new PlainRights(false, 1, new TreeMap<>(), new TreeMap<>());

  private static final String ROOT = "root";

  /** Greater than every key that a simulated client or a permission names. */
  private static final Bytes LAST = Bytes.of(255, 255, 255, 255);

  /**
   * A user.
   *
   * @param since the revision of the last change of the password
   */
  record Person(String hash, boolean noPassword, TreeSet<String> roles, long since) {}

  /** Whether a caller may do a command. */
  boolean allows(Caller caller, Command command, LongFunction<List<Bytes>> attached) {
    if (!enabled || caller.isServer()) {
      return true;
    }
    Person person = users.get(caller.user());
    if (person == null || caller.authRevision() < person.since()) {
      return false;
    }
    return person.roles().contains(ROOT)
        || switch (command) {
          case Command.Op op -> allowsOp(person, op, attached);
          case Command.LeaseGrant _ -> true;
          case Command.LeaseRevoke(long lease) -> allowsKeys(person, attached.apply(lease));
          case Command.OfAuth _,
              Command.Compact _,
              Command.SetAlarm _,
              Command.Sweep _,
              Command.BeginHash _,
              Command.Publish _,
              Command.SetQuota _,
              Command.LeaseExpire _,
              Command.LeaseCheckpoint _ ->
              false;
        };
  }

  /** Whether a caller may read a range. */
  boolean allows(Caller caller, Range range) {
    Command reading = new Command.Txn(List.of(), List.of(range), List.of());
    return allows(caller, reading, _ -> List.of());
  }

  private boolean allowsOp(Person person, Command.Op op, LongFunction<List<Bytes>> attached) {
    return switch (op) {
      case Range range -> covers(person, range.key(), range.rangeEnd(), false);
      case Command.Put put ->
          covers(person, put.key(), Bytes.EMPTY, true)
              && (!put.prevKv() || covers(person, put.key(), Bytes.EMPTY, false))
              && (put.lease() == 0 || allowsKeys(person, attached.apply(put.lease())));
      case Command.DeleteRange delete ->
          covers(person, delete.key(), delete.rangeEnd(), true)
              && (!delete.prevKv() || covers(person, delete.key(), delete.rangeEnd(), false));
      case Command.Txn txn -> allowsTxn(person, txn, attached);
    };
  }

  private boolean allowsTxn(Person person, Command.Txn txn, LongFunction<List<Bytes>> attached) {
    boolean all = true;
    for (Compare compare : txn.compares()) {
      all &= covers(person, compare.key(), compare.rangeEnd(), false);
    }
    for (Command.Op op : txn.success()) {
      all &= allowsOp(person, op, attached);
    }
    for (Command.Op op : txn.failure()) {
      all &= allowsOp(person, op, attached);
    }
    return all;
  }

  private boolean allowsKeys(Person person, List<Bytes> keys) {
    return keys.stream().allMatch(key -> covers(person, key, Bytes.EMPTY, true));
  }

  /**
   * Asks for the first key, for each key at which a permission begins or ends, and for the last.
   */
  private boolean covers(Person person, Bytes key, Bytes end, boolean writes) {
    List<Permission> all = new ArrayList<>();
    person.roles().forEach(role -> all.addAll(roles.getOrDefault(role, List.of())));
    List<Bytes> asked = new ArrayList<>(List.of(key));
    if (!end.isEmpty()) {
      List<Bytes> borders = new ArrayList<>(List.of(LAST));
      for (Permission each : all) {
        borders.add(each.key());
        borders.add(each.rangeEnd().isEmpty() ? each.key().next() : each.rangeEnd());
      }
      borders.removeIf(border -> !new Span(key, end).contains(border));
      asked.addAll(borders);
    }
    return asked.stream().allMatch(one -> all.stream().anyMatch(each -> gives(each, one, writes)));
  }

  private static boolean gives(Permission permission, Bytes key, boolean writes) {
    Permission.Kind other = writes ? Permission.Kind.READ : Permission.Kind.WRITE;
    return permission.kind() != other
        && new Span(permission.key(), permission.rangeEnd()).contains(key);
  }

  /** The rights after a command about users; null if it is refused. */
  @Nullable PlainRights after(Command.OfAuth command) {
    Map<String, Person> people = new TreeMap<>(users);
    Map<String, List<Permission>> may = new TreeMap<>(roles);
    return switch (command) {
      case Command.AuthEnable _ -> enabled || isReady() ? with(true, revision) : null;
      case Command.AuthDisable _ -> enabled ? with(false, revision + 1) : this;
      case Command.UserAdd(String name, String hash, boolean none) ->
          people.putIfAbsent(
                      name, new Person(none ? "" : hash, none, new TreeSet<>(), revision + 1))
                  == null
              ? next(people, may)
              : null;
      case Command.UserDelete(String name) ->
          (enabled && name.equals(ROOT)) || people.remove(name) == null ? null : next(people, may);
      case Command.UserChangePassword(String name, String hash) ->
          people.computeIfPresent(name, (_, old) -> withHash(old, hash)) == null
              ? null
              : next(people, may);
      case Command.UserGrantRole(String name, String role) -> granted(people, may, name, role);
      case Command.UserRevokeRole(String name, String role) -> revoked(people, may, name, role);
      case Command.RoleAdd(String role) ->
          may.putIfAbsent(role, List.of()) == null ? next(people, may) : null;
      case Command.RoleDelete(String role) -> deleted(people, may, role);
      case Command.RoleGrantPermission(String role, Permission permission) ->
          permitted(people, may, role, permission);
      case Command.RoleRevokePermission(String role, Bytes key, Bytes end) ->
          forbidden(people, may, role, key, end);
      case Command.TokenAdd _, Command.TokenUsed _, Command.TokenDrop _ -> this;
    };
  }

  private boolean isReady() {
    Person root = users.get(ROOT);
    return root != null && root.roles().contains(ROOT);
  }

  private PlainRights with(boolean on, long at) {
    return new PlainRights(on, at, users, roles);
  }

  private PlainRights next(Map<String, Person> people, Map<String, List<Permission>> may) {
    return new PlainRights(enabled, revision + 1, people, may);
  }

  private Person withHash(Person old, String hash) {
    return new Person(old.noPassword() ? "" : hash, old.noPassword(), old.roles(), revision + 1);
  }

  private static Person withRoles(Person old, TreeSet<String> others) {
    return new Person(old.hash(), old.noPassword(), others, old.since());
  }

  private @Nullable PlainRights granted(
      Map<String, Person> people, Map<String, List<Permission>> may, String name, String role) {
    Person person = people.get(name);
    if (person == null || (!role.equals(ROOT) && !may.containsKey(role))) {
      return null;
    }
    TreeSet<String> more = new TreeSet<>(person.roles());
    if (!more.add(role)) {
      return this;
    }
    people.put(name, withRoles(person, more));
    return next(people, may);
  }

  private @Nullable PlainRights revoked(
      Map<String, Person> people, Map<String, List<Permission>> may, String name, String role) {
    Person person = people.get(name);
    if (person == null || (enabled && name.equals(ROOT) && role.equals(ROOT))) {
      return null;
    }
    TreeSet<String> fewer = new TreeSet<>(person.roles());
    if (!fewer.remove(role)) {
      return null;
    }
    people.put(name, withRoles(person, fewer));
    return next(people, may);
  }

  private @Nullable PlainRights deleted(
      Map<String, Person> people, Map<String, List<Permission>> may, String role) {
    if ((enabled && role.equals(ROOT)) || may.remove(role) == null) {
      return null;
    }
    people.replaceAll(
        (_, person) -> {
          TreeSet<String> fewer = new TreeSet<>(person.roles());
          fewer.remove(role);
          return withRoles(person, fewer);
        });
    return next(people, may);
  }

  private @Nullable PlainRights permitted(
      Map<String, Person> people,
      Map<String, List<Permission>> may,
      String role,
      Permission permission) {
    List<Permission> before = may.get(role);
    Span span = new Span(permission.key(), permission.rangeEnd());
    if (before == null || span.isEmpty()) {
      return null;
    }
    List<Permission> all = new ArrayList<>(before);
    all.removeIf(each -> each.isOf(permission.key(), permission.rangeEnd()));
    all.add(permission);
    may.put(role, all);
    return next(people, may);
  }

  private @Nullable PlainRights forbidden(
      Map<String, Person> people,
      Map<String, List<Permission>> may,
      String role,
      Bytes key,
      Bytes end) {
    List<Permission> before = may.get(role);
    List<Permission> all = new ArrayList<>(before == null ? List.of() : before);
    if (!all.removeIf(each -> each.isOf(key, end))) {
      return null;
    }
    may.put(role, all);
    return next(people, may);
  }

  /** Whether a server has the same users and roles in force. */
  boolean isSame(AuthState state) {
    Map<String, Person> people = new TreeMap<>();
    for (User user : state.users()) {
      TreeSet<String> has = new TreeSet<>(user.roles());
      people.put(
          user.name(), new Person(user.hash(), user.noPassword(), has, user.credentialsRevision()));
    }
    boolean same =
        state.enabled() == enabled
            && state.revision() == revision
            && people.equals(users)
            && state.roles().size() == roles.size();
    for (UserRole role : state.roles()) {
      List<Permission> here = roles.getOrDefault(role.name(), List.of());
      same &=
          roles.containsKey(role.name())
              && here.size() == role.permissions().size()
              && here.containsAll(role.permissions());
    }
    return same;
  }
}
