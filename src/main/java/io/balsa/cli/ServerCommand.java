package io.balsa.cli;

import io.balsa.server.BalsaServer;
import io.balsa.server.ServerFailure;
import io.balsa.server.ServerSettings;
import io.balsa.systemd.Supervisor;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs one server of a cluster. */
@Command(
    name = "server",
    description = "Runs one server of a cluster, by default a cluster of one.",
    footer = {
      "",
      "Every option can be set in the environment: --data-dir as BALSA_DATA_DIR, and so on.",
      "Flags of etcd that have no meaning here are accepted with a warning.",
      "",
      "Examples:",
      "  balsa server",
      "  balsa server --name=a --data-dir=/var/lib/balsa \\",
      "    --listen-client-urls=http://10.0.0.1:2379 --listen-peer-urls=http://10.0.0.1:2380 \\",
      "    --initial-cluster=a=http://10.0.0.1:2380,b=http://10.0.0.2:2380,c=http://10.0.0.3:2380"
    })
final class ServerCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("io.balsa");

  /** Ends the process within 5 s: a leadership transfer and the last answers take up to 2 s. */
  private static final Duration STOP = Duration.ofMillis(2_500);

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions flags;

  @Override
  public Integer call() throws ServerFailure {
    EtcdFlags.refuse(spec);
    ServerSettings settings =
        flags.settings().closeTimeout(STOP).onHalt(HaltedProcess::end).build();
    warn();
    Ending ending = Ending.listen(flags.exitWithParent, flags.ignoreInterrupt);
    Supervisor supervisor = Supervisor.of(System.getenv());
    supervisor.starting("starting with the data in " + settings.dataDirectory());
    BalsaServer server = BalsaServer.start(settings, ending.requested()::isDone);
    LOG.log(Level.INFO, ready(settings, server));
    supervisor.follow(new SupervisedServer(settings, server));
    ending.await();
    supervisor.stopping();
    LOG.log(Level.INFO, "stopping");
    server.close();
    return 0;
  }

  private void warn() {
    List<String> ignored = EtcdFlags.ignored(spec);
    if (!ignored.isEmpty()) {
      LOG.log(Level.WARNING, "without meaning here, ignored: " + String.join(", ", ignored));
    }
  }

  private static String ready(ServerSettings settings, BalsaServer server) {
    return "ready: %s is member %x of cluster %x, clients at %s, peers at %s, data in %s"
        .formatted(
            settings.name(),
            settings.memberId(),
            server.clusterId(),
            Urls.text(settings.listenClients()),
            Urls.text(settings.listenPeers()),
            settings.dataDirectory());
  }
}
