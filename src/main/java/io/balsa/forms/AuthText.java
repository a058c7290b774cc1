package io.balsa.forms;

import com.google.protobuf.ByteString;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.etcdserverpb.AuthRoleGetResponse;
import io.balsa.proto.etcdserverpb.AuthStatusResponse;
import io.balsa.proto.etcdserverpb.AuthUserGetResponse;
import java.util.List;

/** Answers about users and roles in etcdctl's form {@code simple}. */
public final class AuthText {
  private static final String ROOT = "root";
  private static final ByteString TAB = ByteString.copyFromUtf8("\t");
  private static final ByteString OPEN = ByteString.copyFromUtf8("[");
  private static final ByteString COMMA = ByteString.copyFromUtf8(", ");
  private static final ByteString CLOSE = ByteString.copyFromUtf8(")");
  private static final ByteString OPEN_ENDED = ByteString.copyFromUtf8("<open ended>");

  private AuthText() {}

  /** Two lines: whether authentication is on, and the revision. */
  public static void print(Lines lines, AuthStatusResponse answer) {
    lines.line("Authentication Status: " + answer.getEnabled());
    lines.line("AuthRevision: " + Long.toUnsignedString(answer.getAuthRevision()));
  }

  /** Two lines: the user, and the roles. */
  public static void user(Lines lines, String name, AuthUserGetResponse answer) {
    StringBuilder roles = new StringBuilder("Roles:");
    answer.getRolesList().forEach(role -> roles.append(' ').append(role));
    lines.line("User: " + name).line(roles.toString());
  }

  /** What a role may read and write, a line for each key or range. */
  public static void role(Lines lines, String name, AuthRoleGetResponse answer) {
    lines.line("Role " + name);
    boolean all = name.equals(ROOT) && answer.getPermCount() == 0;
    lines.line("KV Read:");
    ranges(lines, all, answer.getPermList(), Permission.Type.WRITE);
    lines.line("KV Write:");
    ranges(lines, all, answer.getPermList(), Permission.Type.READ);
  }

  private static void ranges(
      Lines lines, boolean all, List<Permission> permissions, Permission.Type others) {
    if (all) {
      lines.line("\t[, <open ended>");
    }
    for (Permission each : permissions) {
      if (each.getPermType() != others) {
        lines.line(text(each));
      }
    }
  }

  /** etcdctl writes keys here as they are, also with --hex. */
  private static String text(Permission permission) {
    ByteString key = permission.getKey();
    ByteString end = permission.getRangeEnd();
    ByteString text = TAB;
    if (end.isEmpty()) {
      text = text.concat(key);
    } else {
      text = text.concat(range(key, end));
      if (!key.isEmpty() && end.equals(Prefix.end(key))) {
        text = text.concat(ByteString.copyFromUtf8(" (prefix ")).concat(key).concat(CLOSE);
      }
    }
    return RawText.of(text.toByteArray());
  }

  private static ByteString range(ByteString key, ByteString end) {
    ByteString begin = OPEN.concat(key).concat(COMMA);
    return end.equals(Prefix.OPEN_END) ? begin.concat(OPEN_ENDED) : begin.concat(end).concat(CLOSE);
  }

  /**
   * One line: which permission was taken from a role.
   *
   * @param key as it was typed
   */
  public static void revoked(Lines lines, String role, ByteString key, ByteString end) {
    ByteString what =
        end.isEmpty()
            ? ByteString.copyFromUtf8("key ").concat(key)
            : ByteString.copyFromUtf8("range ").concat(range(key, end));
    lines.line("Permission of " + RawText.of(what.toByteArray()) + " is revoked from role " + role);
  }

  static void fields(FieldsForm form, AuthRoleGetResponse answer) {
    form.header(answer.getHeader());
    for (Permission each : answer.getPermList()) {
      // etcdctl writes two blanks here
      form.field("PermType", " " + each.getPermType().name())
          .quoted("Key", each.getKey())
          .quoted("RangeEnd", each.getRangeEnd());
    }
  }

  /** The names of a list on one line, each in quotes. */
  static void names(FieldsForm form, String field, List<ByteString> names) {
    StringBuilder line = new StringBuilder("\"" + field + "\" :");
    names.forEach(name -> line.append(' ').append(Quoted.of(name)));
    form.lines().line(line.toString());
  }
}
