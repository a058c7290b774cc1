package io.balsa.cli;

import io.balsa.front.FrontFailure;
import io.balsa.node.NodeConfig;
import io.balsa.node.StartupFailure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs one server of a cluster. */
@Command(
    name = "server",
    description = "Runs one server of a cluster; alone, a cluster of one.",
    footer = {
      "",
      "Every option can stand in the environment: --data-dir as BALSA_DATA_DIR, and so on.",
      "Flags of etcd's that have no meaning here are accepted, with a warning.",
      "",
      "Examples:",
      "  balsa server",
      "  balsa server --name=a --data-dir=/var/lib/balsa \\",
      "    --listen-client-urls=http://10.0.0.1:2379 --listen-peer-urls=http://10.0.0.1:2380 \\",
      "    --initial-cluster=a=http://10.0.0.1:2380,b=http://10.0.0.2:2380,c=http://10.0.0.3:2380"
    })
final class ServerCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("io.balsa");

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions flags;

  @Override
  public Integer call() throws IOException, StartupFailure, FrontFailure {
    EtcdFlags.refuse(spec);
    ServerSettings settings = ServerSettings.of(flags);
    if (settings.existing() && !Files.isDirectory(settings.dataDir())) {
      throw new BadInput(
          "--initial-cluster-state=existing, but there is no data directory " + settings.dataDir());
    }
    warn();
    Ending ending = Ending.listen(flags.exitWithParent, flags.ignoreInterrupt);
    RunningServer server = RunningServer.start(settings, ending.wished()::isDone);
    LOG.log(Level.INFO, ready(settings, server.clusterId()));
    ending.await();
    LOG.log(Level.INFO, "stopping");
    server.stop();
    return 0;
  }

  private void warn() {
    List<String> ignored = EtcdFlags.ignored(spec);
    if (!ignored.isEmpty()) {
      LOG.log(Level.WARNING, "without meaning here, ignored: " + String.join(", ", ignored));
    }
  }

  private static String ready(ServerSettings settings, long clusterId) {
    NodeConfig node = settings.node();
    return "ready: %s is member %x of cluster %x, clients at %s, peers at %s, data in %s"
        .formatted(
            node.name(),
            node.self(),
            clusterId,
            String.join(",", Urls.texts(settings.listenClients())),
            String.join(",", Urls.texts(settings.listenPeers())),
            settings.dataDir());
  }
}
