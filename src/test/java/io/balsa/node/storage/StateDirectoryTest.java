package io.balsa.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.host.MapDisk;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which state is in force, also after a power cut. */
class StateDirectoryTest {
  private final MapDisk disk = new MapDisk();

  @Test
  void aNewDirectoryPointsToTheFirstState() throws IOException {
    assertThat(StateDirectory.open(disk).current()).isEqualTo("state/0");
  }

  @Test
  void openingItAgainKeepsTheStateInForce() throws IOException {
    StateDirectory.open(disk).pointTo("9-2");

    assertThat(StateDirectory.open(disk).current()).isEqualTo("state/9-2");
  }

  @Test
  void aPowerCutWhileOpeningLeavesADirectoryThatOpens() throws IOException {
    for (MapDisk.AfterCut cut : MapDisk.cuts(_ -> {}, StateDirectory::open)) {
      assertThat(StateDirectory.open(cut.disk()).current()).isEqualTo("state/0");
    }
  }

  /** The old state or the new one, and the new one once the call has returned. */
  @Test
  void kb53APowerCutWhilePointingLeavesOneOfTheTwoStates() throws IOException {
    List<MapDisk.AfterCut> cuts =
        MapDisk.cuts(StateDirectory::open, disk -> StateDirectory.point(disk, "9-2"));

    assertThat(cuts).hasSizeGreaterThan(8);
    for (MapDisk.AfterCut cut : cuts) {
      String current = StateDirectory.open(cut.disk()).current();
      assertThat(current)
          .isIn(cut.whole() ? List.of("state/9-2") : List.of("state/0", "state/9-2"));
      StateDirectory.point(cut.disk(), "12-3");
      assertThat(StateDirectory.open(cut.disk()).current()).isEqualTo("state/12-3");
    }
  }

  @Test
  void allStatesAreDeletedButTheOneInForceAndThoseNamed() throws IOException {
    StateDirectory directory = StateDirectory.open(disk);
    for (String name : List.of("0", "5-1", "9-2", "12-3.incoming")) {
      disk.createDirectory(StateDirectory.pathOf(name));
    }
    directory.pointTo("9-2");

    directory.deleteOthers(List.of("12-3.incoming"));

    assertThat(disk.list("state")).containsExactly("12-3.incoming", "9-2", "current");
    assertThat(directory.current()).isEqualTo("state/9-2");
  }

  @Test
  void onlyATransferUnderWayIsIncoming() {
    assertThat(StateDirectory.isIncoming("9-2.incoming")).isTrue();
    assertThat(StateDirectory.isIncoming("9-2.incoming-head")).isTrue();
    assertThat(StateDirectory.isIncoming("9-2")).isFalse();
  }
}
