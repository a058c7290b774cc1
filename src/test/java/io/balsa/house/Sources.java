package io.balsa.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files read as text, and the places in them where a pattern is found. */
record Sources(List<Path> files) {
  private static final Path HERE = Path.of("");

  /** Folders that the build, git and the commands write. */
  private static final List<String> WRITTEN =
      List.of("target", ".git", "drill-report", "verify-report", "playground-data");

  /** All files below a folder that keep a condition, without those in {@link #WRITTEN}. */
  static Sources below(String folder, Predicate<String> name) {
    try (Stream<Path> all = Files.walk(HERE.resolve(folder))) {
      return new Sources(
          all.filter(Files::isRegularFile)
              .filter(file -> WRITTEN.stream().noneMatch(file::startsWith))
              .filter(file -> name.test(file.getFileName().toString()))
              .sorted()
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Sources java(String folder) {
    return below(folder, name -> name.endsWith(".java"));
  }

  /** Where the pattern is found: {@code file:line: text}. */
  List<String> places(String regex) {
    Pattern pattern = Pattern.compile(regex);
    List<String> places = new ArrayList<>();
    for (Path file : files) {
      String text = text(file);
      pattern
          .matcher(text)
          .results()
          .forEach(hit -> places.add(file + ":" + line(text, hit.start()) + ": " + hit.group()));
    }
    return places;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long line(String text, int position) {
    return 1 + text.substring(0, position).chars().filter(c -> c == '\n').count();
  }
}
