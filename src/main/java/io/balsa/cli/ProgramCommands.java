package io.balsa.cli;

import io.balsa.ctl.auth.AuthCommand;
import io.balsa.ctl.auth.RoleCommand;
import io.balsa.ctl.auth.UserCommand;
import io.balsa.ctl.cluster.AlarmCommand;
import io.balsa.ctl.cluster.CheckCommand;
import io.balsa.ctl.cluster.DefragCommand;
import io.balsa.ctl.cluster.DowngradeCommand;
import io.balsa.ctl.cluster.EndpointCommand;
import io.balsa.ctl.cluster.MemberCommand;
import io.balsa.ctl.cluster.MoveLeaderCommand;
import io.balsa.ctl.cluster.SnapshotCommand;
import io.balsa.ctl.cluster.StatusCommand;
import io.balsa.ctl.kv.CompactionCommand;
import io.balsa.ctl.kv.DelCommand;
import io.balsa.ctl.kv.GetCommand;
import io.balsa.ctl.kv.MakeMirrorCommand;
import io.balsa.ctl.kv.PutCommand;
import io.balsa.ctl.kv.TxnCommand;
import io.balsa.ctl.kv.WatchCommand;
import io.balsa.ctl.lease.ElectCommand;
import io.balsa.ctl.lease.LeaseCommand;
import io.balsa.ctl.lease.LockCommand;
import java.util.List;
import java.util.Locale;

/** The commands of this program. */
final class ProgramCommands {
  /** All of them, in the order of the help. */
  static final List<Class<?>> ALL =
      List.of(
          ServerCommand.class,
          ProxyCommand.class,
          PlaygroundCommand.class,
          PutCommand.class,
          GetCommand.class,
          DelCommand.class,
          TxnCommand.class,
          WatchCommand.class,
          LeaseCommand.class,
          LockCommand.class,
          ElectCommand.class,
          MakeMirrorCommand.class,
          CompactionCommand.class,
          SnapshotCommand.class,
          RestoreCommand.class,
          CertsCommand.class,
          AuditCommand.class,
          StatusCommand.class,
          EndpointCommand.class,
          MemberCommand.class,
          AlarmCommand.class,
          MoveLeaderCommand.class,
          DefragCommand.class,
          AuthCommand.class,
          UserCommand.class,
          RoleCommand.class,
          DowngradeCommand.class,
          CheckCommand.class,
          BenchCommand.class,
          DrillCommand.class,
          SimulateCommand.class,
          VerifyCommand.class,
          WarmUpCommand.class,
          OptionsCommand.class,
          VersionCommand.class,
          CompletionCommand.class,
          HelpCommand.class);

  private ProgramCommands() {}

  /**
   * The commands that a command line needs: one, where its first word names the command's class,
   * else all. Making a command takes longer than most requests do, so a start makes few.
   */
  static List<Class<?>> named(String... line) {
    if (line.length == 0) {
      return ALL;
    }
    if (line[0].equals("--version") || line[0].equals("-V")) {
      return List.of();
    }
    if (line[0].startsWith("-")) {
      return ALL; // such as --user, which is also the name of a command
    }
    String wanted = line[0].replace("-", "").toLowerCase(Locale.ROOT) + "command";
    List<Class<?>> found =
        ALL.stream().filter(each -> each.getSimpleName().equalsIgnoreCase(wanted)).toList();
    return found.isEmpty() || wanted.equals("helpcommand") ? ALL : List.copyOf(found);
  }
}
