package io.balsa.house;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How much stands in one file, method and room, and what has one name only. */
class SizeTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 40;
  private static final int ROOM_FILES_MAX = 45;

  /** Rooms that may have more files, and why. */
  private static final Map<String, String> LARGE_ROOMS =
      Map.of(
          "io.balsa.sim", "cut in parts, 38 of its 62 types would have to be public",
          "io.balsa.cli", "a small file a command");

  private static final Sources FILES = Sources.java("src");
  private static final JavaTrees ALL = JavaTrees.of(FILES.files());
  private static final JavaTrees MAIN = JavaTrees.of(Sources.java("src/main").files());
  private static final Sources PAGES = Sources.below("", name -> name.endsWith(".md"));

  /** A type by its room, in backticks: {@code room.Type}, {@code io.balsa.room.Type.Nested}. */
  private static final Pattern TYPE_IN_PAGE =
      Pattern.compile(
          "`(?:io\\.balsa\\.)?((?!java\\b)[a-z]+(?:\\.[a-z]+)*)\\.([A-Z]\\w*[a-z]\\w*(?:\\.[A-Z]\\w*[a-z]\\w*)*)");

  @Test
  void noFileIsLong() {
    assertThat(FILES.files())
        .filteredOn(file -> Sources.text(file).lines().count() > FILE_LINES_MAX)
        .isEmpty();
  }

  @Test
  void noMethodIsLong() {
    assertThat(ALL.methods()).filteredOn(method -> method.lines() > METHOD_LINES_MAX).isEmpty();
  }

  @Test
  void noRoomIsFull() {
    Map<String, Long> rooms =
        MAIN.rooms().stream().collect(groupingBy(Function.identity(), counting()));
    assertThat(rooms).isNotEmpty();
    rooms.values().removeIf(files -> files <= ROOM_FILES_MAX);
    assertThat(rooms).containsOnlyKeys(LARGE_ROOMS.keySet());
  }

  @Test
  void aNameStandsForOneType() {
    Map<String, List<JavaTrees.Type>> names =
        MAIN.types().stream()
            .filter(JavaTrees.Type::isTopLevel)
            .collect(groupingBy(JavaTrees.Type::name, TreeMap::new, Collectors.toList()));
    assertThat(names).isNotEmpty();
    assertThat(names.values()).filteredOn(types -> types.size() > 1).isEmpty();
  }

  @Test
  void theTypesThatPagesNameExist() {
    Set<String> types =
        ALL.types().stream()
            .map(type -> type.room() + "." + type.name())
            .collect(Collectors.toSet());
    Stream<String> named =
        PAGES.files().stream()
            .flatMap(page -> TYPE_IN_PAGE.matcher(Sources.text(page)).results())
            .map(hit -> "io.balsa." + hit.group(1) + "." + hit.group(2));
    assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(types).contains(name));
  }
}
