package io.balsa.cli;

import io.balsa.cli.settings.ConfiguredCommand;
import io.balsa.cli.settings.EtcdFlags;
import io.balsa.cli.settings.GivenSettings;
import io.balsa.cli.settings.ServerOptions;
import io.balsa.cli.settings.Urls;
import io.balsa.ctl.Ending;
import io.balsa.logging.LogSettings;
import io.balsa.server.BalsaServer;
import io.balsa.server.ClientPorts;
import io.balsa.server.ServerFailure;
import io.balsa.server.ServerSettings;
import io.balsa.systemd.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** Runs one server of a cluster. */
@Command(
    name = "server",
    description = "Runs one server of a cluster, by default a cluster of one.",
    footer = {
      "",
      "Variables: BALSA_DATA_DIR or ETCD_DATA_DIR for --data-dir, and so on.",
      "A flag wins over a variable, BALSA_ over ETCD_, the last of a repeated flag.",
      "Flags of etcd without a meaning here are accepted with a warning. Those that",
      "ask for what is missing, such as discovery, are refused.",
      "",
      "Examples:",
      "  balsa server",
      "  balsa server --name=a --data-dir=/var/lib/balsa \\",
      "    --listen-client-urls=http://n1:2379 --listen-peer-urls=http://n1:2380 \\",
      "    --initial-cluster=a=http://n1:2380,b=http://n2:2380,c=http://n3:2380"
    })
final class ServerCommand extends ConfiguredCommand {
  /** Ends the process within 5 s: a leadership transfer and the last answers take up to 2 s. */
  private static final Duration STOP = Duration.ofMillis(2_500);

  /** How often a server that listens looks whether it is ready. */
  private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();

  private final EtcdFlags etcd = EtcdFlags.load();

  @Mixin private ServerOptions flags;

  @Override
  protected List<String> prefixes() {
    return List.of("ETCD_", "BALSA_");
  }

  @Override
  protected void addFlags(CommandSpec command) {
    etcd.addTo(command);
  }

  @Override
  protected int run(GivenSettings given) throws ServerFailure {
    etcd.refuse(given.all());
    LogSettings log = logSettings();
    ServerSettings settings =
        flags.settings().closeTimeout(STOP).onHalt(HaltedProcess::end).build();
    BalsaServer.check(settings);
    ProcessLog.begin(log, "server", given.inForce(flags.meant(settings)));
    ProcessLog.warn(given.warnings());
    ProcessLog.warn(etcd.ignored(given.counting()));
    Ending ending = listenForTheEnd();
    Supervisor supervisor = Supervisor.of(System.getenv());
    supervisor.starting("starting with the data in " + settings.dataDirectory());
    BalsaServer server;
    try {
      server = BalsaServer.start(settings, ending.requested()::isDone);
    } catch (ServerFailure e) {
      if (!e.isAsked()) {
        throw e;
      }
      ProcessLog.ASKED_TO_END.log("at", String.valueOf(e.getMessage()));
      return 0;
    }
    listening(settings, server);
    SupervisedServer supervised = new SupervisedServer(settings, server);
    supervisor.follow(supervised);
    awaitReady(supervised, ending);
    ending.await();
    supervisor.stopping();
    ProcessLog.STOPPING.log();
    server.close();
    ProcessLog.STOPPED.log();
    return 0;
  }

  private static void awaitReady(SupervisedServer supervised, Ending ending) {
    while (!supervised.isReady()) {
      if (ending.requested().isDone()) {
        return;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    ProcessLog.READY.log("name", supervised.settings().name());
  }

  private static void listening(ServerSettings settings, BalsaServer server) {
    ClientPorts ports = settings.clientPorts();
    List<String> clients =
        new ArrayList<>(Urls.real(settings.listenClients(), server.clientAddresses()));
    ports.sockets().forEach(socket -> clients.add(socket.url()));
    ProcessLog.LISTENING.log(
        "name",
        settings.name(),
        "member-id",
        Long.toHexString(settings.memberId()),
        "cluster-id",
        Long.toHexString(server.clusterId()),
        "clients",
        clients,
        "http",
        Urls.real(ports.http(), server.httpAddresses()),
        "metrics",
        Urls.real(ports.metrics(), server.metricsAddresses()),
        "peers",
        Urls.text(settings.listenPeers()),
        "data-dir",
        settings.dataDirectory());
  }
}
