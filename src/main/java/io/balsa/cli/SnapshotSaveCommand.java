package io.balsa.cli;

import io.balsa.backups.BackupDamaged;
import io.balsa.backups.BackupFile;
import io.balsa.client.EtcdClient;
import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.SnapshotRequest;
import io.balsa.proto.etcdserverpb.SnapshotResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

  @Override
  public Integer call() throws IOException, RequestFailed {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      download(part);
      BackupFile whole = Backups.read(part);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      spec.commandLine()
          .getOut()
          .println(
              "saved revision %d, %d keys, in %s"
                  .formatted(whole.head().revision(), whole.head().keys(), file));
      return 0;
    } catch (BackupDamaged e) {
      throw new BadInput(
          "what the server sent is not a backup of Balsa's: " + e.getMessage() + "; is it one?");
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void download(Path part) throws IOException, RequestFailed {
    try (EtcdClient servers = EtcdClient.open(client.addresses());
        var blobs =
            servers.stream(
                MaintenanceGrpc.getSnapshotMethod(), SnapshotRequest.getDefaultInstance());
        OutputStream out = Backups.create(part)) {
      for (SnapshotResponse blob = blobs.next(); blob != null; blob = blobs.next()) {
        blob.getBlob().writeTo(out);
      }
    }
    Backups.force(part);
  }
}
