package io.balsa.auth;

import io.balsa.model.Permission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All users and roles at one moment. Immutable; a function of the log. */
public final class AuthState {
  /** Of a cluster in which nothing about users was ever changed. */
  public static final AuthState NONE =
      new AuthState(false, 1, new TreeMap<>(Names.ORDER), new TreeMap<>(Names.ORDER));

  private final boolean enabled;
  private final long revision;
  private final NavigableMap<String, Account> accounts;
  private final NavigableMap<String, GrantedRole> roles;
  private final int grants;
  private final int permissions;
  private final long bytes;

  private AuthState(
      boolean enabled,
      long revision,
      NavigableMap<String, Account> accounts,
      NavigableMap<String, GrantedRole> roles) {
    this.enabled = enabled;
    this.revision = revision;
    this.accounts = accounts;
    this.roles = roles;
    int allGrants = 0;
    int allPermissions = 0;
    long allBytes = 0;
    for (Account account : accounts.values()) {
      allGrants += account.user().roles().size();
      allBytes += account.bytes();
    }
    for (GrantedRole role : roles.values()) {
      allPermissions += role.role().permissions().size();
      allBytes += role.bytes();
    }
    this.grants = allGrants;
    this.permissions = allPermissions;
    this.bytes = allBytes;
  }

  /** The state that was stored. */
  public static AuthState of(
      boolean enabled, long revision, Collection<User> users, Collection<UserRole> roles) {
    NavigableMap<String, Account> accounts = new TreeMap<>(Names.ORDER);
    users.forEach(user -> accounts.put(user.name(), new Account(user)));
    NavigableMap<String, GrantedRole> granted = new TreeMap<>(Names.ORDER);
    roles.forEach(role -> granted.put(role.name(), new GrantedRole(role)));
    return new AuthState(enabled, revision, accounts, granted);
  }

  /** Whether every client needs a user. */
  public boolean enabled() {
    return enabled;
  }

  /** 1 at first; one more with each change, as in etcd. Enabling is no such change. */
  public long revision() {
    return revision;
  }

  public @Nullable User user(String name) {
    Account account = accounts.get(name);
    return account == null ? null : account.user();
  }

  /** All users in order of name. */
  public List<User> users() {
    return all(accounts.values(), Account::user);
  }

  public @Nullable UserRole role(String name) {
    GrantedRole role = roles.get(name);
    return role == null ? null : role.role();
  }

  /** All roles in order of name. */
  public List<UserRole> roles() {
    return all(roles.values(), GrantedRole::role);
  }

  private static <A, B> List<B> all(Collection<A> values, Function<A, B> part) {
    List<B> parts = new ArrayList<>(values.size());
    values.forEach(value -> parts.add(part.apply(value)));
    return List.copyOf(parts);
  }

  @Nullable Account account(String name) {
    return accounts.get(name);
  }

  /** The union of what a user's roles allow. A role that does not exist allows nothing. */
  KeyUnion coverage(User user, boolean writes) {
    if (user.roles().size() == 1) {
      GrantedRole only = roles.get(user.roles().getFirst());
      return only == null ? KeyUnion.of(List.of(), writes) : only.coverage(writes);
    }
    List<Permission> all = new ArrayList<>();
    for (String name : user.roles()) {
      GrantedRole role = roles.get(name);
      if (role != null) {
        all.addAll(role.role().permissions());
      }
    }
    return KeyUnion.of(all, writes);
  }

  boolean exceeds(AuthLimits limits) {
    return accounts.size() > limits.users()
        || roles.size() > limits.roles()
        || permissions > limits.permissions()
        || grants > limits.grants()
        || bytes > limits.bytes();
  }

  AuthState asEnabled() {
    return new AuthState(true, revision, accounts, roles);
  }

  AuthState asDisabled() {
    return new AuthState(false, revision + 1, accounts, roles);
  }

  /** With a user, in the place of the one of the same name. */
  AuthState with(User user) {
    NavigableMap<String, Account> changed = new TreeMap<>(accounts);
    changed.put(user.name(), new Account(user));
    return new AuthState(enabled, revision + 1, changed, roles);
  }

  AuthState withoutUser(String name) {
    NavigableMap<String, Account> changed = new TreeMap<>(accounts);
    changed.remove(name);
    return new AuthState(enabled, revision + 1, changed, roles);
  }

  /** With a role, in the place of the one of the same name. */
  AuthState with(UserRole role) {
    NavigableMap<String, GrantedRole> changed = new TreeMap<>(roles);
    changed.put(role.name(), new GrantedRole(role));
    return new AuthState(enabled, revision + 1, accountsWith(role.name(), user -> user), changed);
  }

  /** Without a role, and without what users have of it. */
  AuthState withoutRole(String name) {
    NavigableMap<String, GrantedRole> changed = new TreeMap<>(roles);
    changed.remove(name);
    return new AuthState(
        enabled, revision + 1, accountsWith(name, user -> user.withoutRole(name)), changed);
  }

  /** All accounts; those with a role are made anew. */
  private NavigableMap<String, Account> accountsWith(String role, Function<User, User> change) {
    NavigableMap<String, Account> changed = new TreeMap<>(accounts);
    changed.replaceAll(
        (_, account) ->
            account.user().has(role) ? new Account(change.apply(account.user())) : account);
    return changed;
  }
}
