package io.balsa.ctl.auth;

import com.google.protobuf.ByteString;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.KeyBytes;
import io.balsa.ctl.KeyRange;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.AuthText;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthRoleAddResponse;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthRoleDeleteResponse;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetResponse;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.balsa.proto.etcdserverpb.AuthRoleListResponse;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.balsa.proto.etcdserverpb.AuthRoleRevokePermissionResponse;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds, changes and shows roles. */
@Command(
    name = "role",
    description = "Adds, changes, shows and deletes roles: which keys may be read and written.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RoleCommand.Add.class,
      RoleCommand.Delete.class,
      RoleCommand.Get.class,
      RoleCommand.List.class,
      RoleCommand.GrantPermission.class,
      RoleCommand.RevokePermission.class
    },
    footer = {
      "",
      "Examples:",
      "  balsa role add readers",
      "  balsa role grant-permission --prefix readers read users/"
    })
public final class RoleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "give a command: add, delete, get, list, grant-permission or revoke-permission");
  }

  @Command(name = "add", description = "Adds a role.", mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Parameters(paramLabel = "ROLE", description = "the role's name")
    private String role;

    @Override
    public Integer call() throws RequestFailed {
      AuthRoleAddRequest request = AuthRoleAddRequest.newBuilder().setName(role).build();
      AuthRoleAddResponse answer = client.change(calls -> calls.roleAdd(request));
      output.print(answer, "Role " + role + " created");
      return 0;
    }
  }

  @Command(
      name = "delete",
      description = "Deletes a role, and takes it from all users.",
      mixinStandardHelpOptions = true)
  static final class Delete implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Parameters(paramLabel = "ROLE", description = "the role's name")
    private String role;

    @Override
    public Integer call() throws RequestFailed {
      AuthRoleDeleteRequest request = AuthRoleDeleteRequest.newBuilder().setRole(role).build();
      AuthRoleDeleteResponse answer = client.change(calls -> calls.roleDelete(request));
      output.print(answer, "Role " + role + " deleted");
      return 0;
    }
  }

  @Command(
      name = "get",
      description = "Shows which keys a role may read and write.",
      mixinStandardHelpOptions = true)
  static final class Get implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Parameters(paramLabel = "ROLE", description = "the role's name")
    private String role;

    @Override
    public Integer call() throws RequestFailed {
      AuthRoleGetRequest request = AuthRoleGetRequest.newBuilder().setRole(role).build();
      AuthRoleGetResponse answer = client.ask(calls -> calls.roleGet(request));
      output.print(answer, lines -> AuthText.role(lines, role, answer));
      return 0;
    }
  }

  @Command(name = "list", description = "Lists all roles.", mixinStandardHelpOptions = true)
  static final class List implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() throws RequestFailed {
      AuthRoleListResponse answer = client.ask(EtcdCalls::roleList);
      output.print(answer, lines -> answer.getRolesList().forEach(lines::line));
      return 0;
    }
  }

  /** The keys of a permission. */
  static final class PermittedKeys {
    @Option(names = "--prefix", description = "all keys with the prefix KEY")
    boolean prefix;

    @Option(names = "--from-key", description = "all keys from KEY on")
    boolean fromKey;

    /** An empty key stands for the first possible one: a permission names no empty key. */
    KeyRange range(ByteString key, @Nullable ByteString end) {
      if (!key.isEmpty() || prefix || fromKey) {
        return KeyRange.of(key, end, prefix, fromKey);
      }
      return new KeyRange(ByteString.copyFrom(new byte[1]), ByteString.EMPTY);
    }
  }

  @Command(
      name = "grant-permission",
      description = "Permits a role to read or write a key, or the keys from KEY to END.",
      mixinStandardHelpOptions = true)
  static final class GrantPermission implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;
    @Mixin private PermittedKeys keys;

    @Parameters(index = "0", paramLabel = "ROLE", description = "the role's name")
    private String role;

    @Parameters(
        index = "1",
        paramLabel = "read|write|readwrite",
        description = "what the role may do")
    private String type;

    @Parameters(index = "2", paramLabel = "KEY", converter = KeyBytes.class, description = "a key")
    private ByteString key;

    @Parameters(
        index = "3",
        arity = "0..1",
        paramLabel = "END",
        converter = KeyBytes.class,
        description = "the end of the range, exclusive")
    private @Nullable ByteString end;

    @Override
    public Integer call() throws RequestFailed {
      Permission.Type permitted = type();
      KeyRange range = keys.range(key, end);
      AuthRoleGrantPermissionRequest request =
          AuthRoleGrantPermissionRequest.newBuilder()
              .setName(role)
              .setPerm(
                  Permission.newBuilder()
                      .setPermType(permitted)
                      .setKey(range.key())
                      .setRangeEnd(range.end()))
              .build();
      AuthRoleGrantPermissionResponse answer =
          client.change(calls -> calls.roleGrantPermission(request));
      output.print(answer, "Role " + role + " updated");
      return 0;
    }

    private Permission.Type type() {
      return switch (type.toUpperCase(Locale.ROOT)) {
        case "READ" -> Permission.Type.READ;
        case "WRITE" -> Permission.Type.WRITE;
        case "READWRITE" -> Permission.Type.READWRITE;
        default -> throw new BadInput("'" + type + "' is none of read, write, readwrite");
      };
    }
  }

  @Command(
      name = "revoke-permission",
      description = "Takes a permission from a role: that of a key, or of a whole range.",
      mixinStandardHelpOptions = true)
  static final class RevokePermission implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;
    @Mixin private PermittedKeys keys;

    @Parameters(index = "0", paramLabel = "ROLE", description = "the role's name")
    private String role;

    @Parameters(index = "1", paramLabel = "KEY", converter = KeyBytes.class, description = "a key")
    private ByteString key;

    @Parameters(
        index = "2",
        arity = "0..1",
        paramLabel = "END",
        converter = KeyBytes.class,
        description = "the end of the range, exclusive")
    private @Nullable ByteString end;

    @Override
    public Integer call() throws RequestFailed {
      KeyRange range = keys.range(key, end);
      AuthRoleRevokePermissionRequest request =
          AuthRoleRevokePermissionRequest.newBuilder()
              .setRole(role)
              .setKey(range.key())
              .setRangeEnd(range.end())
              .build();
      AuthRoleRevokePermissionResponse answer =
          client.change(calls -> calls.roleRevokePermission(request));
      output.print(answer, lines -> AuthText.revoked(lines, role, key, range.end()));
      return 0;
    }
  }
}
