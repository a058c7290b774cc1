package io.balsa.cli;

import io.balsa.bytes.HostPort;
import io.balsa.cli.settings.ServerOptions;
import io.balsa.cli.settings.Urls;
import io.balsa.ctl.BadInput;
import io.balsa.server.Backups;
import io.balsa.server.ServerFailure;
import io.balsa.server.ServerSettings;
import io.balsa.server.ServerSettingsBuilder;
import io.balsa.server.UnusableBackup;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a data directory from a backup. */
@Command(
    name = "restore",
    description = {
      "Makes a server's data directory from a backup. Restore every member from the same file to",
      "get a new cluster with the keys and revisions of the old one."
    },
    footer = {
      "",
      "Start each server afterwards with the same --name, --data-dir and --initial-cluster.",
      "",
      "Examples:",
      "  balsa restore backup.db --data-dir=/var/lib/balsa",
      "  balsa restore backup.db --data-dir=/var/lib/balsa --name=a \\",
      "    --initial-cluster=a=http://n1:2380,b=http://n2:2380,c=http://n3:2380"
    })
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RestoreRefusals refusals = new RestoreRefusals();

  @Parameters(paramLabel = "FILE", description = "the backup, from 'balsa snapshot save'")
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
      description = "the server's own token (${DEFAULT-VALUE})")
  private String token = "etcd-cluster";

  @Option(
      names = "--initial-advertise-peer-urls",
      paramLabel = ServerOptions.URLS,
      description = "this server's peer URLs (those in --initial-cluster)")
  private @Nullable String peerUrls;

  @Override
  public Integer call() throws ServerFailure {
    refusals.refuse();
    ServerSettings settings = settings();
    try {
      Backups.Restored restored = Backups.restore(file, settings);
      spec.commandLine()
          .getOut()
          .println(
              "restored revision %d, %d keys, as member %x of cluster %x in %s"
                  .formatted(
                      restored.backup().revision(),
                      restored.backup().keys(),
                      restored.memberId(),
                      restored.clusterId(),
                      settings.dataDirectory()));
      return 0;
    } catch (UnusableBackup e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private ServerSettings settings() {
    Map<String, List<HostPort>> cluster = Urls.byName("--initial-cluster", members());
    List<HostPort> own =
        peerUrls == null
            ? cluster.getOrDefault(name, List.of())
            : Urls.list("--initial-advertise-peer-urls", peerUrls);
    ServerSettingsBuilder settings =
        ServerSettings.builder()
            .name(name)
            .initialCluster(cluster)
            .initialClusterToken(token)
            .advertisePeers(own);
    if (dataDir != null) {
      settings.dataDirectory(dataDir);
    }
    return settings.build();
  }

  private String members() {
    if (initialCluster != null) {
      return initialCluster;
    }
    String url = peerUrls == null ? ServerOptions.PEER_URL : peerUrls;
    return name + "=" + url.replace(",", "," + name + "=");
  }
}
