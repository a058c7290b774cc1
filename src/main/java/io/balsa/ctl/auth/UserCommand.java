package io.balsa.ctl.auth;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.AuthText;
import io.balsa.proto.authpb.UserAddOptions;
import io.balsa.proto.etcdserverpb.AuthRoleGetRequest;
import io.balsa.proto.etcdserverpb.AuthRoleGetResponse;
import io.balsa.proto.etcdserverpb.AuthUserAddRequest;
import io.balsa.proto.etcdserverpb.AuthUserAddResponse;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordRequest;
import io.balsa.proto.etcdserverpb.AuthUserChangePasswordResponse;
import io.balsa.proto.etcdserverpb.AuthUserDeleteRequest;
import io.balsa.proto.etcdserverpb.AuthUserDeleteResponse;
import io.balsa.proto.etcdserverpb.AuthUserGetRequest;
import io.balsa.proto.etcdserverpb.AuthUserGetResponse;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleResponse;
import io.balsa.proto.etcdserverpb.AuthUserListResponse;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleRequest;
import io.balsa.proto.etcdserverpb.AuthUserRevokeRoleResponse;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds, changes and shows users. */
@Command(
    name = "user",
    description = "Adds, changes, shows and deletes users, and grants roles to them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      UserCommand.Add.class,
      UserCommand.Delete.class,
      UserCommand.Get.class,
      UserCommand.List.class,
      UserCommand.Passwd.class,
      UserCommand.GrantRole.class,
      UserCommand.RevokeRole.class
    },
    footer = {"", "Examples:", "  balsa user add alice", "  balsa user grant-role alice readers"})
public final class UserCommand implements Runnable {
  private static final String INTERACTIVE =
      "whether to ask for the password at the terminal; false: read a word from standard input";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "give a command: add, delete, get, list, passwd, grant-role or revoke-role");
  }

  @Command(
      name = "add",
      description = {
        "Adds a user. Without another source, the password is asked for at the terminal, twice."
      },
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME[:PASSWORD]", description = "the user's name")
    private String name;

    @Option(
        names = "--interactive",
        arity = "0..1",
        fallbackValue = "true",
        description = INTERACTIVE)
    private boolean interactive = true;

    @Option(
        names = "--new-user-password",
        paramLabel = "PASSWORD",
        description = "the password; other users of this machine may see it")
    private @Nullable String given;

    @Option(
        names = "--no-password",
        description = "the user can only log in with a certificate of this common name")
    private boolean noPassword;

    @Override
    public Integer call() throws RequestFailed {
      AuthUserAddRequest request = request();
      AuthUserAddResponse answer = client.change(calls -> calls.userAdd(request));
      output.print(answer, "User " + request.getName() + " created");
      return 0;
    }

    private AuthUserAddRequest request() {
      AuthUserAddRequest.Builder request = AuthUserAddRequest.newBuilder().setName(name);
      request.setOptions(UserAddOptions.newBuilder().setNoPassword(noPassword));
      int colon = name.indexOf(':');
      if (noPassword) {
        return request.build();
      }
      if (given != null && !given.isEmpty()) {
        return request.setPassword(given).build();
      }
      if (colon < 0) {
        return request.setPassword(PasswordInput.forUser(spec, name, interactive)).build();
      }
      if (colon == 0) {
        throw new BadInput("the name of the user is empty; give NAME or NAME:PASSWORD");
      }
      return request
          .setName(name.substring(0, colon))
          .setPassword(name.substring(colon + 1))
          .build();
    }
  }

  @Command(name = "delete", description = "Deletes a user.", mixinStandardHelpOptions = true)
  static final class Delete implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Parameters(paramLabel = "NAME", description = "the user's name")
    private String name;

    @Override
    public Integer call() throws RequestFailed {
      AuthUserDeleteRequest request = AuthUserDeleteRequest.newBuilder().setName(name).build();
      AuthUserDeleteResponse answer = client.change(calls -> calls.userDelete(request));
      output.print(answer, "User " + name + " deleted");
      return 0;
    }
  }

  @Command(name = "get", description = "Shows a user's roles.", mixinStandardHelpOptions = true)
  static final class Get implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Parameters(paramLabel = "NAME", description = "the user's name")
    private String name;

    @Option(names = "--detail", description = "show what each role permits")
    private boolean detail;

    @Override
    public Integer call() throws RequestFailed {
      AuthUserGetRequest request = AuthUserGetRequest.newBuilder().setName(name).build();
      try (EtcdCalls calls = client.calls()) {
        AuthUserGetResponse answer = EtcdCalls.await(calls.userGet(request));
        if (detail) {
          showRoles(answer, calls);
        } else {
          output.print(answer, lines -> AuthText.user(lines, name, answer));
        }
      }
      return 0;
    }

    private void showRoles(AuthUserGetResponse user, EtcdCalls calls) throws RequestFailed {
      output.printLine("User: " + name);
      for (String role : user.getRolesList()) {
        output.printLine("");
        AuthRoleGetResponse answer =
            EtcdCalls.await(calls.roleGet(AuthRoleGetRequest.newBuilder().setRole(role).build()));
        output.print(answer, lines -> AuthText.role(lines, role, answer));
      }
    }
  }

  @Command(name = "list", description = "Lists all users.", mixinStandardHelpOptions = true)
  static final class List implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() throws RequestFailed {
      AuthUserListResponse answer = client.ask(EtcdCalls::userList);
      output.print(answer, lines -> answer.getUsersList().forEach(lines::line));
      return 0;
    }
  }

  @Command(
      name = "passwd",
      description = "Changes a user's password.",
      mixinStandardHelpOptions = true)
  static final class Passwd implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "the user's name")
    private String name;

    @Option(
        names = "--interactive",
        arity = "0..1",
        fallbackValue = "true",
        description = INTERACTIVE)
    private boolean interactive = true;

    @Override
    public Integer call() throws RequestFailed {
      AuthUserChangePasswordRequest request =
          AuthUserChangePasswordRequest.newBuilder()
              .setName(name)
              .setPassword(PasswordInput.forUser(spec, name, interactive))
              .build();
      AuthUserChangePasswordResponse answer =
          client.change(calls -> calls.userChangePassword(request));
      output.print(answer, "Password updated");
      return 0;
    }
  }

  @Command(
      name = "grant-role",
      description = "Grants a role to a user.",
      mixinStandardHelpOptions = true)
  static final class GrantRole implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Parameters(index = "0", paramLabel = "NAME", description = "the user's name")
    private String name;

    @Parameters(index = "1", paramLabel = "ROLE", description = "the role's name")
    private String role;

    @Override
    public Integer call() throws RequestFailed {
      AuthUserGrantRoleRequest request =
          AuthUserGrantRoleRequest.newBuilder().setUser(name).setRole(role).build();
      AuthUserGrantRoleResponse answer = client.change(calls -> calls.userGrantRole(request));
      output.print(answer, "Role %s is granted to user %s".formatted(role, name));
      return 0;
    }
  }

  @Command(
      name = "revoke-role",
      description = "Takes a role from a user.",
      mixinStandardHelpOptions = true)
  static final class RevokeRole implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Parameters(index = "0", paramLabel = "NAME", description = "the user's name")
    private String name;

    @Parameters(index = "1", paramLabel = "ROLE", description = "the role's name")
    private String role;

    @Override
    public Integer call() throws RequestFailed {
      AuthUserRevokeRoleRequest request =
          AuthUserRevokeRoleRequest.newBuilder().setName(name).setRole(role).build();
      AuthUserRevokeRoleResponse answer = client.change(calls -> calls.userRevokeRole(request));
      output.print(answer, "Role %s is revoked from user %s".formatted(role, name));
      return 0;
    }
  }
}
