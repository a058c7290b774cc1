package io.balsa.house;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sizes of files, methods and rooms, and the names of types. */
@SharesCores
class SizeTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 40;
  private static final int ROOM_FILES_MAX = 45;

  /** Rooms with more files, with the reason. */
  private static final Map<String, String> LARGE_ROOMS =
      Map.of("io.balsa.sim", "a cut would make 38 of its 62 types public");

  private static final Sources FILES = Sources.java("src");
  private static final JavaTrees ALL = JavaTrees.of(FILES.files());
  private static final JavaTrees MAIN = JavaTrees.of(Sources.java("src/main").files());
  private static final Sources PAGES = Sources.below("", name -> name.endsWith(".md"));

  /** A type with its room, in backticks: {@code room.Type}, {@code io.balsa.room.Type.Nested}. */
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
    assertThat(longMethods(ALL)).isEmpty();
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
    Set<String> types = names(ALL.types());
    assertThat(types).contains("io.balsa.house.SizeTest");
    List<String> missing =
        PAGES.files().stream()
            .flatMap(page -> named(Sources.text(page)))
            .filter(name -> !types.contains(name))
            .toList();
    assertThat(missing).isEmpty();
  }

  @Test
  void theRulesBite(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("Long.java");
    String body = "    int x;\n".repeat(METHOD_LINES_MAX - 1);
    Files.writeString(
        file, "class Long {\n  void a() {\n" + body + "  }\n\n  void b() {\n    b();\n  }\n}\n");
    JavaTrees trees = JavaTrees.of(List.of(file));
    assertThat(longMethods(trees)).singleElement().asString().contains("Long.java:2: a");
    assertThat(names(trees.types())).containsExactly("null.Long");

    assertThat(named("`raft.Message.Gone#term` and `node.apply.Lane`, `io.balsa.kv.Store`"))
        .containsExactly(
            "io.balsa.raft.Message.Gone", "io.balsa.node.apply.Lane", "io.balsa.kv.Store");
    assertThat(named("`java.util.List` `store.MAX` `Lane` raft.Lane")).isEmpty();
  }

  private static List<JavaTrees.Method> longMethods(JavaTrees trees) {
    return trees.methods().stream().filter(method -> method.lines() > METHOD_LINES_MAX).toList();
  }

  private static Set<String> names(List<JavaTrees.Type> types) {
    return types.stream().map(type -> type.room() + "." + type.name()).collect(Collectors.toSet());
  }

  private static Stream<String> named(String page) {
    return TYPE_IN_PAGE
        .matcher(page)
        .results()
        .map(hit -> "io.balsa." + hit.group(1) + "." + hit.group(2));
  }
}
