package io.balsa.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads the files of a trail, the full ones first. */
public final class AuditFiles {
  private AuditFiles() {}

  /**
   * The files of a trail in the order of their records: full ones beside it, whose names have a
   * time in them, and then the file itself.
   */
  public static List<Path> of(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = (dot > 0 ? name.substring(0, dot) : name) + "-";
    String extension = dot > 0 ? name.substring(dot) : "";
    List<Path> files = new ArrayList<>();
    try (Stream<Path> beside = Files.list(file.toAbsolutePath().resolveSibling(""))) {
      beside
          .filter(each -> isOld(String.valueOf(each.getFileName()), stem, extension))
          .sorted()
          .forEach(files::add);
    }
    files.add(file);
    return files;
  }

  private static boolean isOld(String name, String stem, String extension) {
    return name.startsWith(stem)
        && (name.endsWith(extension) || name.endsWith(extension + ".gz"))
        && name.length() > stem.length()
        && Character.isDigit(name.charAt(stem.length()));
  }

  /**
   * Reads a file.
   *
   * @return the number of lines that are no records
   */
  public static int read(Path file, Consumer<AuditRecord> reader) throws IOException {
    int others = 0;
    try (InputStream in = Files.newInputStream(file);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        AuditRecord record = AuditLines.parse(line);
        if (record == null) {
          others++;
        } else {
          reader.accept(record);
        }
      }
    }
    return others;
  }
}
