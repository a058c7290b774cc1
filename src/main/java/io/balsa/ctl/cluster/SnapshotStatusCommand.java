package io.balsa.ctl.cluster;

import io.balsa.ctl.BadInput;
import io.balsa.forms.Form;
import io.balsa.forms.Json;
import io.balsa.report.Table;
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

/** Checks a backup's digest and shows its content. */
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
      paramLabel = "simple|json|fields|table",
      description = "the form of the answer (${DEFAULT-VALUE})")
  private Form form = Form.simple;

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
      Integer.toHexString(backup.hash()),
      String.valueOf(backup.revision()),
      String.valueOf(backup.keys()),
      DecimalSize.text(size)
    };
    return switch (form) {
      case simple -> String.join(", ", cells);
      case table -> new Table("hash", "revision", "total keys", "total size").row(cells).text();
      case json -> json(backup, size);
      case fields -> fields(backup, size);
      case protobuf -> throw new BadInput("-w protobuf: a backup's status has no such form");
    };
  }

  private static String fields(BackupSummary backup, long size) {
    return """
    "Hash" : %s
    "Revision" : %s
    "Keys" : %s
    "Size" : %s\
    """
        .formatted(Integer.toUnsignedString(backup.hash()), backup.revision(), backup.keys(), size);
  }

  private static String json(BackupSummary backup, long size) {
    return Json.text(
        out -> {
          out.beginObject();
          out.name("hash").value(Integer.toUnsignedLong(backup.hash()));
          out.name("revision").value(backup.revision());
          out.name("totalKey").value(backup.keys());
          out.name("totalSize").value(size);
          out.name("compactRevision").value(backup.compactRevision());
          out.name("index").value(backup.index());
          out.name("term").value(backup.term());
          out.name("member").value(Long.toHexString(backup.member()));
          out.name("cluster").value(Long.toHexString(backup.cluster()));
          out.endObject();
        });
  }
}
