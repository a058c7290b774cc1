package io.balsa.cli;

import io.balsa.backups.BackupDamaged;
import io.balsa.backups.BackupFile;
import io.balsa.report.TextTable;
import io.balsa.wire.BackupHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is in a backup, once its digest was found right. */
@Command(
    name = "status",
    description = "Checks a backup and shows its hash, revision, number of keys and size.",
    mixinStandardHelpOptions = true)
final class SnapshotStatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the backup")
  private Path file;

  @Option(
      names = {"-w", "-o", "--write-out"},
      paramLabel = "simple|json|table",
      description = "the form of the answer (${DEFAULT-VALUE})")
  private OutputOptions.Format format = OutputOptions.Format.simple;

  @Override
  public Integer call() throws IOException {
    try {
      BackupFile backup = Backups.read(file);
      spec.commandLine().getOut().println(text(backup, Files.size(file)));
      return 0;
    } catch (BackupDamaged e) {
      throw Backups.damaged(file, e);
    }
  }

  private String text(BackupFile backup, long size) {
    BackupHead head = backup.head();
    List<String> cells =
        List.of(
            "%08x".formatted(backup.digest().buffer().getInt()),
            String.valueOf(head.revision()),
            String.valueOf(head.keys()),
            String.valueOf(size));
    return switch (format) {
      case simple -> String.join(", ", cells);
      case table ->
          new TextTable("hash", "revision", "total keys", "total size").row(cells).plain();
      case json ->
          ("{\"hash\":%d,\"revision\":%d,\"totalKey\":%d,\"totalSize\":%d,"
                  + "\"compactRevision\":%d,\"index\":%d,\"term\":%d,\"member\":\"%x\","
                  + "\"cluster\":\"%x\"}")
              .formatted(
                  Integer.toUnsignedLong(backup.digest().buffer().getInt()),
                  head.revision(),
                  head.keys(),
                  size,
                  head.compactRevision(),
                  head.index(),
                  head.term(),
                  head.member(),
                  head.clusterId());
    };
  }
}
