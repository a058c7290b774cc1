package io.balsa.cli;

import io.balsa.audit.AuditFiles;
import io.balsa.audit.AuditRecord;
import io.balsa.audit.AuditRecord.Keys;
import io.balsa.bytes.Bytes;
import io.balsa.ctl.BadInput;
import io.balsa.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Searches the audit trail. */
@Command(
    name = "audit",
    description = {
      "Searches the audit trail of servers: who did what with which keys, and with what result.",
      "",
      "A server writes its trail with --audit-log=FILE. Each server records the requests that came",
      "to it, so give the files of all servers. Full files beside a file are read too."
    },
    footer = {
      "",
      "Examples:",
      "  balsa audit --key=/config/a audit.log",
      "  balsa audit --user=alice --denied --since=2026-06-01T12:00:00Z a/audit.log b/audit.log"
    })
final class AuditCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "the trails of servers")
  private List<Path> files = List.of();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "only requests that name the key, or a range with it")
  private @Nullable String key;

  @Option(names = "--user", paramLabel = "NAME", description = "only requests of this user")
  private @Nullable String user;

  @Option(names = "--denied", description = "only requests that did not succeed")
  private boolean denied;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "only requests from this time on, such as 2026-06-01T12:00:00Z or 2h ago as 2h")
  private @Nullable String since;

  @Override
  public Integer call() {
    Instant from = since == null ? Instant.MIN : time(since);
    List<AuditRecord> found = new ArrayList<>();
    int others = 0;
    for (Path file : files) {
      others += read(file, from, found);
    }
    found.sort(Comparator.comparing(AuditRecord::time));
    spec.commandLine().getOut().println(table(found).text());
    if (others > 0) {
      spec.commandLine()
          .getErr()
          .println("note: " + others + " lines are no whole records and were left out");
    }
    return 0;
  }

  private static Instant time(String text) {
    try {
      return text.endsWith("Z")
          ? Instant.parse(text)
          : Instant.now().minus(io.balsa.ctl.GoDuration.parse("--since", text));
    } catch (java.time.format.DateTimeParseException e) {
      throw new BadInput(
          "--since: '" + text + "' is neither a time like 2026-06-01T12:00:00Z nor 2h");
    }
  }

  private int read(Path file, Instant from, List<AuditRecord> found) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new NoSuchFileException(file.toString());
      }
      int others = 0;
      for (Path each : AuditFiles.of(file)) {
        others +=
            AuditFiles.read(
                each,
                record -> {
                  if (matches(record, from)) {
                    found.add(record);
                  }
                });
      }
      return others;
    } catch (NoSuchFileException e) {
      throw new BadInput("there is no file " + file + ": give a file that --audit-log has made");
    } catch (IOException e) {
      throw new BadInput(file + " cannot be read: " + e.getMessage());
    }
  }

  private boolean matches(AuditRecord record, Instant from) {
    return (key == null || names(record, Bytes.utf8(key)))
        && (user == null || record.user().equals(user))
        && (!denied || !record.result().equals("OK"))
        && !record.time().isBefore(from);
  }

  private static boolean names(AuditRecord record, Bytes key) {
    return record.keys().stream().anyMatch(each -> each.contains(key));
  }

  private static Table table(List<AuditRecord> records) {
    Table table = new Table("time", "user", "by", "from", "request", "keys", "result", "revision");
    for (AuditRecord record : records) {
      table.row(
          record.time().truncatedTo(ChronoUnit.SECONDS).toString(),
          record.user(),
          record.identity(),
          record.source(),
          record.method(),
          keys(record),
          record.result(),
          record.revision() == 0 ? "" : String.valueOf(record.revision()));
    }
    return table;
  }

  private static String keys(AuditRecord record) {
    String keys = record.keys().stream().map(AuditCommand::text).collect(Collectors.joining(" "));
    return keys.isEmpty() || record.subject().isEmpty()
        ? keys + record.subject()
        : keys + " " + record.subject();
  }

  private static String text(Keys keys) {
    return keys.end().isEmpty()
        ? keys.key().utf8()
        : "["
            + keys.key().utf8()
            + ", "
            + (keys.end().equals(Bytes.of(0)) ? "" : keys.end().utf8())
            + ")";
  }
}
