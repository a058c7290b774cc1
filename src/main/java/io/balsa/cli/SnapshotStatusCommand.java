package io.balsa.cli;

import io.balsa.report.TextTable;
import io.balsa.server.BackupSummary;
import io.balsa.server.Backups;
import io.balsa.server.UnusableBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      BackupSummary backup = Backups.check(file);
      spec.commandLine().getOut().println(text(backup, Files.size(file)));
      return 0;
    } catch (UnusableBackup e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private String text(BackupSummary backup, long size) {
    String[] cells = {
      "%08x".formatted(backup.hash()),
      String.valueOf(backup.revision()),
      String.valueOf(backup.keys()),
      String.valueOf(size)
    };
    return switch (format) {
      case simple -> String.join(", ", cells);
      case table -> new TextTable("hash", "revision", "total keys", "total size").row(cells).plain();
      case json -> json(backup, size);
    };
  }

  private static String json(BackupSummary backup, long size) {
    return ("{\"hash\":%d,\"revision\":%d,\"totalKey\":%d,\"totalSize\":%d,"
            + "\"compactRevision\":%d,\"index\":%d,\"term\":%d,\"member\":\"%x\","
            + "\"cluster\":\"%x\"}")
        .formatted(
            Integer.toUnsignedLong(backup.hash()),
            backup.revision(),
            backup.keys(),
            size,
            backup.compactRevision(),
            backup.index(),
            backup.term(),
            backup.member(),
            backup.cluster());
  }
}
