package io.balsa.ctl.cluster;

import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientOptions;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import io.balsa.server.BackupSummary;
import io.balsa.server.Backups;
import io.balsa.server.UnusableBackup;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a backup. */
@Command(
    name = "save",
    description = "Writes a backup of the store to a file, which appears when it is whole.",
    mixinStandardHelpOptions = true)
final class SnapshotSaveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClientOptions client;

  @Parameters(paramLabel = "FILE", description = "where to write it; an existing file is replaced")
  private Path file;

  private String version = "";

  @Override
  public Integer call() throws IOException, RequestFailed {
    if (client.endpoints().size() > 1) {
      throw new BadInput(
          "snapshot must be requested to one selected node, not multiple [%s]; give one of them"
              .formatted(String.join(" ", client.endpoints())));
    }
    try {
      BackupSummary saved = Backups.save(file, this::download);
      PrintWriter out = spec.commandLine().getOut();
      out.println("Snapshot saved at " + file);
      if (!version.isEmpty()) {
        out.println("Server version " + version);
      }
      out.println("revision %d, %d keys".formatted(saved.revision(), saved.keys()));
      return 0;
    } catch (UnusableBackup e) {
      throw new BadInput(
          "the server's answer is no backup of Balsa: " + e.reason() + "; is it a Balsa server?");
    }
  }

  private void download(OutputStream out) throws IOException, RequestFailed {
    try (EtcdClient servers = client.client();
        var blobs =
            servers.stream(
                MaintenanceGrpc.getSnapshotMethod(), SnapshotRequest.getDefaultInstance())) {
      for (SnapshotResponse blob = blobs.next(); blob != null; blob = blobs.next()) {
        blob.getBlob().writeTo(out);
        version = blob.getVersion();
      }
    }
  }
}
