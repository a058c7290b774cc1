package io.balsa.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fence around the rooms, and the proof that it bites. */
@SharesCores
class ArchitectureTest {
  private static final Fence FENCE = new Fence("io.balsa");

  /** Without the generated classes, which are many and name no room. */
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/io/balsa/proto/"))
          .importPath(Path.of("target/classes"));

  private static final Fence BAD_FENCE = new Fence("io.balsa.house.bad");
  private static final JavaClasses BAD =
      new ClassFileImporter().importPackages("io.balsa.house.bad");

  @ParameterizedTest
  @EnumSource
  void aRoomUsesOnlyItsNeighbours(Room room) {
    FENCE.neighbours(room).check(MAIN);
  }

  /** The client must stand without the server, and the server without the program. */
  @ParameterizedTest
  @EnumSource
  void aRoomPointsToNoLaterArtifact(Room room) {
    assertThat(room.uses()).noneMatch(used -> used.artifact().compareTo(room.artifact()) > 0);
  }

  @Test
  void onlyANodeKnowsItsParts() {
    for (Room room : Room.values()) {
      if (!Room.NODE_AND_PARTS.contains(room)) {
        assertThat(room.uses()).noneMatch(used -> used.name().startsWith("NODE_"));
      }
    }
  }

  @Test
  void roomsAreFlat() {
    FENCE.roomsAreFlat().check(MAIN);
  }

  @Test
  void roomsHaveNoCycles() {
    FENCE.noCycles().check(MAIN);
  }

  @Test
  void kb84NothingSimulatedReadsAClock() {
    FENCE.noClock().check(MAIN);
  }

  @Test
  void nothingSimulatedTouchesAThread() {
    FENCE.noThread().check(MAIN);
  }

  @Test
  void nothingSimulatedRollsDice() {
    FENCE.noDice().check(MAIN);
  }

  @Test
  void nothingSimulatedWalksInSaltedOrder() {
    FENCE.noSaltedOrder().check(MAIN);
  }

  @Test
  void theCoreDoesNotLookAround() {
    FENCE.noLookAround().check(MAIN);
  }

  @Test
  void theLogTouchesFilesOnlyByTheDisk() {
    FENCE.filesOnlyByTheDisk().check(MAIN);
  }

  @Test
  void theFenceSeesTheHouse() {
    assertThat(MAIN.contain("io.balsa.cli.Main")).isTrue();
  }

  @Test
  void theFenceBites() {
    bites(BAD_FENCE.neighbours(Room.RAFT), "bad.host.Machine", "java.nio.file.Files", "RocksDB");
    bites(BAD_FENCE.neighbours(Room.HOST), "bad.raft.Offender");
    bites(BAD_FENCE.roomsAreFlat(), "bad.cellar.Hidden");
    bites(BAD_FENCE.noCycles(), "Cycle detected");
    bites(BAD_FENCE.noClock(), "System.nanoTime", "Instant.now");
    bites(BAD_FENCE.noThread(), "java.lang.Thread", "ReentrantLock");
    bites(BAD_FENCE.noDice(), "UUID.randomUUID", "ThreadLocalRandom", "Collections.shuffle");
    bites(BAD_FENCE.noSaltedOrder(), "Set.of", "Map.copyOf", "HashMap.keySet");
    bites(BAD_FENCE.noLookAround(), "System.getenv", "System.getLogger");
    bites(BAD_FENCE.filesOnlyByTheDisk(), "java.nio.channels.FileChannel");
  }

  private static void bites(ArchRule rule, String... offences) {
    String report = rule.evaluate(BAD).getFailureReport().toString();
    assertThat(report).contains(offences);
  }
}
