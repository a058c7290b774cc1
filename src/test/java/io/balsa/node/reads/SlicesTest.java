package io.balsa.node.reads;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.CountingRoom;
import io.balsa.lanes.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Slices of reads, served one by one: their order, their places and their room. */
class SlicesTest extends ReadLaneFixture {
  private final List<Slices.EndedWait> endedWaits = new ArrayList<>();
  private final Slices slices = new Slices(clock, endedWaits::add);
  private final OpenView view = Objects.requireNonNull(OpenView.of(state, null));

  /** Every read has left the view, whatever became of it. */
  @AfterEach
  void theViewIsFree() {
    slices.close(Outcome.Failure.STOPPED);
    view.leave();
    List<String> closed = new ArrayList<>();
    state.retire(() -> closed.add("closed"));
    assertThat(closed).containsExactly("closed");
  }

  private Asked begin(String name, int keys, AnswerRoom room, int steps) {
    Asked asked = new Asked(name, count(keys), room);
    slices.begin(asked, view, steps);
    return asked;
  }

  private Asked begin(String name, int keys) {
    return begin(name, keys, AnswerRoom.UNBOUNDED, Slices.STEPS);
  }

  private Asked roomless(String name, CountingRoom room) {
    Asked asked = new Asked(name, keys(1, 11), room);
    slices.begin(asked, view, Slices.SLICE_STEPS);
    return asked;
  }

  @Test
  void aReadThatEndsInItsFirstSliceNeverWaits() {
    begin("short", Slices.STEPS - 1);

    assertThat(told).containsExactly("short " + (Slices.STEPS - 1));
    assertThat(slices.isEmpty()).isTrue();
  }

  @Test
  void aFirstSliceAmongOthersIsShort() {
    Asked asked = begin("long", KEYS);

    assertThat(asked.steps()).isEqualTo(Slices.STEPS);
    assertThat(slices.hasWork()).isTrue();
    slices.goOn();
    assertThat(asked.steps()).isEqualTo(Slices.STEPS + Slices.SLICE_STEPS);
  }

  @Test
  void ofTwoThatAreAsLongTheFirstThatCameGoesOn() {
    Asked first = begin("first", KEYS);
    Asked second = begin("second", KEYS);
    slices.goOn();

    assertThat(first.steps()).isGreaterThan(second.steps());
  }

  /** Another reading of the same length must not take turns with it, or both end late. */
  @Test
  void aLongReadGivesWayToANewOneUntilTheyAreAboutAsLong() {
    Asked old = begin("old", KEYS);
    slices.goOn();
    long before = old.steps();
    Asked young = begin("young", KEYS);
    slices.goOn();

    assertThat(old.steps()).isEqualTo(before);
    assertThat(young.steps()).isGreaterThan(Slices.STEPS);
  }

  @Test
  void anAnswerAboutRoomServesItsReadOnce() {
    CountingRoom room = new CountingRoom(1 << 20, 0);
    roomless("small", room);
    assertThat(slices.hasWork()).isFalse();
    assertThat(slices.isEmpty()).isFalse();
    room.tell(true);
    slices.endWait(endedWaits.getFirst());
    slices.endWait(endedWaits.getFirst());
    while (slices.hasWork()) {
      slices.goOn();
    }

    assertThat(told).containsExactly("small 10");
  }

  /** The read is over when its room is found: the owner of the room gives it back. */
  @Test
  void anAnswerAboutRoomThatComesAfterTheEndDoesNothing() {
    CountingRoom room = new CountingRoom(1 << 20, 0);
    roomless("small", room);
    slices.close(Outcome.Failure.STOPPED);
    room.tell(true);
    slices.endWait(endedWaits.getFirst());

    assertThat(told).containsExactly("small STOPPED");
    assertThat(slices.isEmpty()).isTrue();
  }

  @Test
  void whoWaitsForRoomHasAPlaceToo() {
    CountingRoom room = new CountingRoom(1 << 20, 0);
    for (int i = 0; i < Slices.INTERRUPTED_MAX; i++) {
      roomless("roomless", room);
    }
    assertThat(told).isEmpty();
    begin("long", KEYS);
    roomless("roomless", room);
    assertThat(told).containsExactly("long TOO_MANY_REQUESTS", "roomless TOO_MANY_REQUESTS");

    room.tell(false);
    slices.endWait(endedWaits.getFirst());
    begin("next", KEYS);
    assertThat(told).hasSize(3).endsWith("roomless NO_ROOM");
  }

  @Test
  void thoseWhoseTimeIsOverAreDroppedWhereverTheyWait() {
    begin("long", KEYS);
    roomless("roomless", new CountingRoom(1 << 20, 0));
    clock.moveTo(DEADLINE);
    slices.dropOver();

    assertThat(told).containsExactly("long TIMED_OUT", "roomless TIMED_OUT");
    assertThat(slices.isEmpty()).isTrue();
    assertThat(slices.hasWork()).isFalse();
  }

  @Test
  void toGoOnWithoutWorkDoesNothing() {
    slices.goOn();

    assertThat(told).isEmpty();
  }
}
