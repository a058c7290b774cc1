package io.balsa.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that no compiler and no linter knows. */
@SharesCores
class HouseTest {
  private static final Sources JAVA = Sources.java("src");
  private static final Sources TESTS = Sources.java("src/test/java");

  // written so that these lines do not offend against themselves
  private static final String PUT_OFF = "\\b(TO[D]O|FIX[M]E|XX[X])\\b.*";
  private static final String SKIPPED = "@(Disabl[e]d|Ignor[e])\\b";
  private static final String EMPTY_NAME =
      "\\b(class|record|interface|enum) (\\w*[a-z0-9])?"
          + "(Manager|Helpers?|Utils?|Impl|Abstract)(?![a-z])\\w*";
  private static final String CATCH_ALL =
      "catch \\((final )?(\\w+ \\| )*"
          + "(Exception|RuntimeException|Throwable|Error|AssertionError)\\b"
          + "[^)]*\\) \\{(?! // thread root: ).*";
  private static final String SWALLOWED = "catch \\([^)]*\\) \\{\\s*\\}";
  private static final String SLEEP = "Thread\\.sleep\\(.*";
  private static final String HIDDEN_HASH_MAP =
      "\\b(?<!Hash)(Map|Set|Collection)<.*> \\w+ = new Hash(Map|Set)\\b.*";
  private static final String INTERRUPTED = ".*(?<!currentThread\\(\\))\\.interrupt\\(\\).*";
  private static final String OWN_LOGGER = "System\\.getLogger\\(.*";
  private static final String MAPPED = "MappedByteBuffer|MapMode|mapMemory";
  private static final String BLIND_TRUST =
      "check(Client|Server)Trusted\\([^)]*\\)\\s*\\{\\s*\\}"
          + "|InsecureTrust"
          + "ManagerFactory"
          + "|Hostname"
          + "Verifier"
          + "|endpointIdentificationAlgorithm\\((\"\"|null)\\)";
  private static final String HOME_PATH = "(?<![\\w.$}*/-])/(home|root|work|farm|Users)/[\\w.-]+";
  private static final String TEXT_FILE = ".*[.](java|md|xml|proto|txt|sh)|run|balsa";

  @Test
  void eachRoomSaysWhatItIs() throws IOException {
    try (Stream<Path> rooms = Files.list(Path.of("src/main/java/io/balsa"))) {
      assertThat(rooms.filter(room -> !Sources.java(room.toString()).files().isEmpty()))
          .isNotEmpty()
          .allSatisfy(
              room ->
                  assertThat(room.resolve("package-info.java"))
                      .content()
                      .startsWith("/**")
                      .contains("@NullMarked"));
    }
  }

  @Test
  void nothingIsPutOff() {
    assertThat(JAVA.places(PUT_OFF)).isEmpty();
    assertThat(TESTS.places(SKIPPED)).isEmpty();
  }

  @Test
  void namesSayWhatAThingIs() {
    assertThat(JAVA.places(EMPTY_NAME)).isEmpty();
  }

  /** A thread root says so, and why, in a comment on the line of its catch. */
  @Test
  void onlyAThreadRootCatchesAll() {
    assertThat(JAVA.places(CATCH_ALL)).isEmpty();
  }

  @Test
  void noErrorIsSwallowed() {
    assertThat(JAVA.places(SWALLOWED)).isEmpty();
  }

  @Test
  void testsWaitForConditions() {
    assertThat(TESTS.places(SLEEP)).isEmpty();
  }

  /** Behind {@code Map<...>} the fence could not see that a HashMap is iterated. */
  @Test
  void aHashMapInTheSimulatedRoomsIsDeclaredAsOne() {
    for (Room room : Room.SIMULATED) {
      Path folder = Path.of("src/main/java", room.in("io.balsa").replace('.', '/'));
      if (Files.isDirectory(folder)) {
        assertThat(Sources.java(folder.toString()).places(HIDDEN_HASH_MAP)).isEmpty();
      }
    }
  }

  @Test
  void noFileKnowsSomebodysMachine() {
    assertThat(Sources.below("", name -> name.matches(TEXT_FILE)).places(HOME_PATH)).isEmpty();
  }

  /** An interrupt closes the file that a thread works on: threads that have files get none. */
  @Test
  void kb106NobodyInterruptsALane() {
    for (String room :
        List.of("engine", "host", "wal", "lanes", "backups", "node", "front", "api")) {
      assertThat(Sources.java("src/main/java/io/balsa/" + room).places(INTERRUPTED)).isEmpty();
    }
  }

  @Test
  void kb107NoFileIsMapped() {
    assertThat(Sources.java("src/main/java").places(MAPPED)).isEmpty();
  }

  /** Then no warning lacks a hint, and docs/operations.md has every line. */
  @Test
  void onlyLogEventsAreLogged() {
    assertThat(Sources.java("src/main/java").places(OWN_LOGGER))
        .hasSize(1)
        .allMatch(place -> place.contains("LogEvent.java"));
  }

  /** SEC-15: one class trusts without a check, and two places ask for it by an explicit option. */
  @Test
  void oneClassTrustsWithoutACheck() {
    Sources sources = Sources.java("src/main/java");
    assertThat(sources.places(BLIND_TRUST))
        .isNotEmpty()
        .allMatch(place -> place.contains("UnverifiedServers.java"));
    assertThat(sources.places("new Unverified" + "Servers"))
        .hasSize(1)
        .allMatch(place -> place.contains("ClientTls.java"));
    assertThat(sources.places("ClientTls\\.unver" + "ified"))
        .hasSize(2)
        .allMatch(
            place -> place.contains("SecurePorts.java") || place.contains("ClientTlsOptions.java"));
  }

  @Test
  void bothReadmesHaveTheSameHeadings() {
    assertThat(headings("README.es.md")).isEqualTo(headings("README.md"));
  }

  @Test
  void theSpanishReadmeSaysWhichDocumentsAreInEnglish() throws IOException {
    assertThat(Files.readAllLines(Path.of("README.es.md")))
        .filteredOn(line -> line.contains("](docs/"))
        .isNotEmpty()
        .allMatch(line -> line.contains("en inglés"));
  }

  @Test
  void theRulesBite() {
    bites(PUT_OFF, "// TO" + "DO later");
    bites(SKIPPED, "@Disa" + "bled void x()");
    bites(
        EMPTY_NAME,
        "class Raft" + "Manager {",
        "record String" + "Utils(",
        "class Abstr" + "actRole {");
    bites(
        CATCH_ALL,
        "catch (Exc" + "eption e) {",
        "catch (IOException | RuntimeExc" + "eption e) { // no",
        "catch (Asserti" + "onError | IOException e) {");
    bites(SWALLOWED, "catch (IOException _) " + "{ }");
    bites(SLEEP, "Thread.sl" + "eep(1)");
    bites(HIDDEN_HASH_MAP, "Map<Long, Long> waiting = new " + "HashMap<>();");
    bites(INTERRUPTED, "thread.interrupt();");
    bites(OWN_LOGGER, "System.getLogger(\"io.balsa\")");
    bites(MAPPED, "channel.map(FileChannel.MapMode.READ_WRITE, 0, size)");
    bites(
        BLIND_TRUST,
        "void checkServer" + "Trusted(X509Certificate[] chain, String type) {}",
        "InsecureTrust" + "ManagerFactory.INSTANCE",
        "setHostname" + "Verifier((a, b) -> true)");
    bites(HOME_PATH, "see /ho" + "me/me/notes");

    spares(EMPTY_NAME, "class Implications {", "enum Utility {");
    spares(
        CATCH_ALL,
        "catch (Exc" + "eption e) { // thread root: nobody is above",
        "catch (IOException e) {");
    spares(HIDDEN_HASH_MAP, "HashMap<Long, Long> waiting = new HashMap<>();");
    spares(INTERRUPTED, "Thread.currentThread().interrupt();");
    spares(HOME_PATH, "https://example.org/home/x", "$root/home/x", "target/home/x");
  }

  private static void bites(String rule, String... offences) {
    assertThat(offences).allMatch(Pattern.compile(rule).asPredicate());
  }

  private static void spares(String rule, String... innocents) {
    assertThat(innocents).noneMatch(Pattern.compile(rule).asPredicate());
  }

  /** The levels of a page's headings in their order; code blocks have none. */
  private static List<Integer> headings(String page) {
    Path file = Path.of(page);
    if (!Files.exists(file)) {
      return List.of();
    }
    return Sources.text(file)
        .replaceAll("(?s)```.*?```", "")
        .lines()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.indexOf(' '))
        .toList();
  }
}
