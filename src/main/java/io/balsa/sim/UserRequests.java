package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.Compare;
import io.balsa.model.Permission;
import io.balsa.model.Range;
import java.util.ArrayList;
import java.util.List;

/** Draws requests of users: about six keys, and about three users and roles beside root. */
final class UserRequests {
  static final String ROOT = "root";
  static final List<String> USERS = List.of("u1", "u2", "u3");
  private static final List<String> ALL_USERS = List.of("u1", "u2", "u3", ROOT);
  private static final List<String> ROLES = List.of("r1", "r2", "r3");
  private static final List<Bytes> KEYS =
      List.of(
          Bytes.utf8("ua"),
          Bytes.utf8("ub"),
          Bytes.utf8("uc"),
          Bytes.utf8("ud"),
          Bytes.utf8("ue"),
          Bytes.utf8("uf"));
  private static final Bytes END = Bytes.utf8("ug");
  private static final List<Permission.Kind> KINDS = List.of(Permission.Kind.values());

  private final SimDice dice;
  private int values;
  private int hashes;

  UserRequests(SimDice dice) {
    this.dice = dice;
  }

  /** The commands that bring users, roles and permissions into a new cluster. */
  List<Command> first() {
    List<Command> all = new ArrayList<>();
    all.add(add(ROOT));
    all.add(new Command.UserGrantRole(ROOT, ROOT));
    for (String role : ROLES) {
      all.add(new Command.RoleAdd(role));
      all.add(permit(role));
      all.add(permit(role));
    }
    for (String user : USERS) {
      all.add(add(user));
      all.add(new Command.UserGrantRole(user, dice.pick(ROLES)));
    }
    all.add(new Command.AuthEnable());
    return all;
  }

  /** A change of users or roles. */
  Command change() {
    String role = dice.pick(ROLES);
    String user = dice.pick(ALL_USERS);
    int kind = dice.below(100);
    if (kind < 30) {
      return permit(role);
    } else if (kind < 45) {
      Bytes key = key();
      return new Command.RoleRevokePermission(role, key, end(key));
    } else if (kind < 60) {
      return new Command.UserGrantRole(user, dice.chance(0.05) ? ROOT : role);
    } else if (kind < 72) {
      return new Command.UserRevokeRole(user, dice.chance(0.2) ? ROOT : role);
    } else if (kind < 80) {
      return new Command.UserChangePassword(user, hash());
    } else if (kind < 92) {
      return comesOrGoes(role, user);
    }
    return dice.chance(0.4) ? new Command.AuthDisable() : new Command.AuthEnable();
  }

  private Command comesOrGoes(String role, String user) {
    return switch (dice.below(6)) {
      case 0 -> new Command.UserDelete(user);
      case 1 -> new Command.RoleDelete(role);
      case 2, 3 -> new Command.RoleAdd(role);
      default -> add(user);
    };
  }

  private Command.UserAdd add(String name) {
    return new Command.UserAdd(name, hash(), dice.chance(0.1));
  }

  private String hash() {
    hashes++;
    return "h" + hashes;
  }

  private Command permit(String role) {
    Bytes key = key();
    return new Command.RoleGrantPermission(role, new Permission(dice.pick(KINDS), key, end(key)));
  }

  private Bytes key() {
    return dice.pick(KEYS);
  }

  private Bytes value() {
    values++;
    return Bytes.utf8("u" + values);
  }

  /** The end of a range: none, a later key, or everything behind. */
  private Bytes end(Bytes key) {
    int kind = dice.below(10);
    if (kind < 4) {
      return Bytes.EMPTY;
    } else if (kind < 6) {
      return Bytes.of(0);
    }
    Bytes end = dice.chance(0.2) ? END : key();
    return end.compareTo(key) > 0 ? end : key.next();
  }

  Range range() {
    Bytes key = key();
    return Range.of(key, end(key));
  }

  /**
   * A write of keys.
   *
   * @param lease for a put; 0 for none
   */
  Command write(long lease) {
    Bytes key = key();
    int kind = dice.below(10);
    if (kind < 4) {
      return put(key, lease);
    } else if (kind < 7) {
      return new Command.DeleteRange(key, dice.chance(0.5) ? end(key) : Bytes.EMPTY, prevKv());
    }
    return txn();
  }

  private boolean prevKv() {
    return dice.chance(0.3);
  }

  private Command.Put put(Bytes key, long lease) {
    return new Command.Put(key, value(), lease, prevKv(), false, false);
  }

  /** No key is written twice, so that the order of the operations does not matter. */
  private Command.Txn txn() {
    List<Bytes> left = new ArrayList<>(KEYS);
    List<Command.Op> success = ops(left);
    if (dice.chance(0.4)) {
      success.add(new Command.Txn(compares(), ops(left), ops(left)));
    }
    return new Command.Txn(compares(), success, dice.chance(0.5) ? List.of() : ops(left));
  }

  private List<Compare> compares() {
    if (dice.chance(0.4)) {
      return List.of();
    }
    Compare.Operand operand =
        dice.chance(0.7)
            ? new Compare.Operand.CreateRevision(0)
            : new Compare.Operand.Value(Bytes.utf8("u" + dice.below(values + 1)));
    return List.of(new Compare(key(), Bytes.EMPTY, Compare.Relation.EQUAL, operand));
  }

  private List<Command.Op> ops(List<Bytes> left) {
    List<Command.Op> ops = new ArrayList<>();
    for (int i = dice.below(2); i >= 0 && !left.isEmpty(); i--) {
      Bytes key = left.remove(dice.below(left.size()));
      int kind = dice.below(6);
      if (kind < 2) {
        ops.add(put(key, 0));
      } else if (kind < 4) {
        ops.add(new Command.DeleteRange(key, Bytes.EMPTY, prevKv()));
      } else {
        ops.add(range());
      }
    }
    return ops;
  }
}
