import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The house format: {@code check FOLDER} names what differs and fails, {@code rewrite} mends it.
 */
class Format {
  private static final Formatter FORMATTER = new Formatter();

  static void main(String[] args) throws IOException {
    boolean rewrite = args[0].equals("rewrite");
    List<Path> differing =
        sources(Path.of(args[1])).parallelStream().filter(file -> differs(file, rewrite)).toList();
    if (!rewrite && !differing.isEmpty()) {
      differing.forEach(file -> System.err.println("not in the house format: " + file));
      System.err.println("mend it with: mvn -q -Pformat initialize");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static boolean differs(Path file, boolean rewrite) {
    try {
      String source = Files.readString(file);
      String formatted = formatted(file, source);
      if (rewrite && !formatted.equals(source)) {
        Files.writeString(file, formatted);
      }
      return !formatted.equals(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String formatted(Path file, String source) {
    try {
      String imports = ImportOrderer.reorderImports(source, Style.GOOGLE);
      return FORMATTER.formatSource(RemoveUnusedImports.removeUnusedImports(imports));
    } catch (FormatterException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
