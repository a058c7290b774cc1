package io.balsa.cli;

import io.balsa.backups.BackupDamaged;
import io.balsa.backups.BackupFile;
import io.balsa.bytes.HostPort;
import io.balsa.engine.RocksEngines;
import io.balsa.host.DataDirectory;
import io.balsa.host.DiskFile;
import io.balsa.model.Member;
import io.balsa.node.Restore;
import io.balsa.node.StartupFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a data directory of a backup. */
@Command(
    name = "restore",
    description = {
      "Makes a server's data directory of a backup. Done for every member, from the same file, it",
      "gives a new cluster with the keys and revisions of the old one."
    },
    footer = {
      "",
      "Start each server afterwards with the same --name, --data-dir and --initial-cluster.",
      "",
      "Examples:",
      "  balsa restore backup.db --data-dir=/var/lib/balsa",
      "  balsa restore backup.db --data-dir=/var/lib/balsa --name=a \\",
      "    --initial-cluster=a=http://10.0.0.1:2380,b=http://10.0.0.2:2380,c=http://10.0.0.3:2380"
    })
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the backup, of 'balsa snapshot save'")
  private Path file;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the directory to make; missing or empty (NAME.balsa)")
  private @Nullable Path dataDir;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "the server's name, one of those in --initial-cluster (${DEFAULT-VALUE})")
  private String name = "default";

  @Option(
      names = "--initial-cluster",
      paramLabel = "NAME=URL,...",
      description = "all members with their peer URLs, the same for every server (this one alone)")
  private @Nullable String initialCluster;

  @Option(
      names = "--initial-cluster-token",
      paramLabel = "TOKEN",
      description = "as the server will be given it (${DEFAULT-VALUE})")
  private String token = "etcd-cluster";

  @Option(
      names = "--initial-advertise-peer-urls",
      paramLabel = ServerOptions.URLS,
      description = "this server's peer URLs (those in --initial-cluster)")
  private @Nullable String peerUrls;

  @Override
  public Integer call() throws IOException, StartupFailure {
    InitialCluster cluster = InitialCluster.parse(members(), token);
    Member self = self(cluster);
    Path directory = dataDir == null ? Path.of(name + ".balsa") : dataDir;
    try (DiskFile bytes = Backups.open(file)) {
      BackupFile backup = BackupFile.check(bytes);
      long clusterId = restore(directory, backup, cluster);
      spec.commandLine()
          .getOut()
          .println(
              "restored revision %d, %d keys, as member %x of cluster %x in %s"
                  .formatted(
                      backup.head().revision(),
                      backup.head().keys(),
                      self.id(),
                      clusterId,
                      directory));
      return 0;
    } catch (BackupDamaged e) {
      throw Backups.damaged(file, e);
    }
  }

  private static long restore(Path directory, BackupFile backup, InitialCluster cluster)
      throws IOException, BackupDamaged, StartupFailure {
    try (DataDirectory data = DataDirectory.open(directory)) {
      return Restore.into(
          data.disk(), new RocksEngines(directory), backup, cluster.members(), cluster.clusterId());
    }
  }

  private String members() {
    if (initialCluster != null) {
      return initialCluster;
    }
    String url = peerUrls == null ? new ServerOptions().listenPeerUrls : peerUrls;
    return name + "=" + url.replace(",", "," + name + "=");
  }

  private Member self(InitialCluster cluster) {
    List<HostPort> urls =
        peerUrls != null
            ? Urls.list("--initial-advertise-peer-urls", peerUrls)
            : cluster.members().stream()
                .filter(member -> member.name().equals(name))
                .flatMap(member -> member.peerUrls().stream())
                .map(url -> Urls.parse("--initial-cluster", url))
                .toList();
    return cluster.self(name, urls);
  }
}
