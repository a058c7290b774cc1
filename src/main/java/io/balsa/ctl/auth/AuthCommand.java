package io.balsa.ctl.auth;

import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.OutputOptions;
import io.balsa.forms.AuthText;
import io.balsa.proto.etcdserverpb.AuthRoleAddRequest;
import io.balsa.proto.etcdserverpb.AuthStatusResponse;
import io.balsa.proto.etcdserverpb.AuthUserGrantRoleRequest;
import io.balsa.rpc.GrpcFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Turns authentication on and off. */
@Command(
    name = "auth",
    description = {
      "Turns authentication on or off, or shows its state. While it is on, every client needs a",
      "user, and roles say which keys a user may read and write."
    },
    mixinStandardHelpOptions = true,
    subcommands = {AuthCommand.Enable.class, AuthCommand.Disable.class, AuthCommand.Status.class},
    footer = {
      "",
      "Example:",
      "  balsa user add root",
      "  balsa auth enable",
      "  balsa --user=root get --prefix users/"
    })
public final class AuthCommand implements Runnable {
  /** The user and the role that may do everything. */
  private static final String ROOT = "root";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: enable, disable or status");
  }

  @Command(
      name = "enable",
      description = {
        "Turns authentication on. The user root must exist. The role root is made and granted to the",
        "user root if it is missing."
      },
      mixinStandardHelpOptions = true)
  static final class Enable implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() throws RequestFailed {
      try (EtcdCalls calls = client.callsToChange()) {
        enable(calls);
      }
      output.printLine("Authentication Enabled");
      return 0;
    }

    private static void enable(EtcdCalls calls) throws RequestFailed {
      try {
        EtcdCalls.await(calls.authEnable());
      } catch (RequestFailed failed) {
        if (!lacksRootRole(failed)) {
          throw failed;
        }
        EtcdCalls.await(calls.roleAdd(AuthRoleAddRequest.newBuilder().setName(ROOT).build()));
        EtcdCalls.await(
            calls.userGrantRole(
                AuthUserGrantRoleRequest.newBuilder().setUser(ROOT).setRole(ROOT).build()));
        EtcdCalls.await(calls.authEnable());
      }
    }

    /** The text of etcd when the user root has not the role root. */
    private static boolean lacksRootRole(RequestFailed failed) {
      return GrpcFailure.text(failed.status())
          .equals("etcdserver: root user does not have root role");
    }
  }

  @Command(
      name = "disable",
      description = "Turns authentication off. Users and roles are kept.",
      mixinStandardHelpOptions = true)
  static final class Disable implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() throws RequestFailed {
      client.change(EtcdCalls::authDisable);
      output.printLine("Authentication Disabled");
      return 0;
    }
  }

  @Command(
      name = "status",
      description = "Says whether authentication is on, and the revision of users and roles.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @Mixin private ClientOptions client;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() throws RequestFailed {
      AuthStatusResponse answer = client.ask(EtcdCalls::authStatus);
      output.print(answer, lines -> AuthText.print(lines, answer));
      return 0;
    }
  }
}
