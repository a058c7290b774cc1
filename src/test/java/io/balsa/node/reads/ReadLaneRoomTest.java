package io.balsa.node.reads;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.CountingRoom;
import io.balsa.rows.AnswerBytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where reads find the room for their answers, and what they hold without it. */
class ReadLaneRoomTest extends ReadLaneFixture {
  /** Each read may hold a little, but the sum of all is bounded. */
  @Test
  void whatIsHeldWithoutRoomIsBoundedForAllTogether() {
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(serve("range", keys(1, 601)));
    }
    lane.step();
    long holding = all.stream().filter(asked -> asked.bytesHeld() > 0).count();
    assertThat(all.stream().mapToLong(Asked::bytesHeld).sum())
        .isBetween(Slices.HELD_BYTES_MAX / 2, Slices.HELD_BYTES_MAX + AnswerBytes.FREE_BYTES);
    assertThat(holding).isBetween(10L, 100L);
    lane.drain();
    assertThat(told).hasSize(200).containsOnly("range 600");
    assertThat(all.stream().filter(asked -> asked.steps() == 601).count())
        .isBetween(holding - 1, holding + 1);
  }

  @Test
  void aSmallAnswerTakesItsRoomAndIsGiven() {
    CountingRoom room = new CountingRoom(1 << 20, 1 << 20);
    serve("small", keys(1, 11), room);
    lane.drain();
    assertThat(told).containsExactly("small 10");
    assertThat(room.taken()).isGreaterThan(10 * (7 + VALUE_BYTES));
  }

  @Test
  void aSmallAnswerThatFindsNoRoomWaitsForIt() {
    CountingRoom room = new CountingRoom(1 << 20, 0);
    serve("small", keys(1, 11), room);
    lane.drain();
    assertThat(told).isEmpty();
    assertThat(room.isWaitedFor()).isTrue();
    room.tell(true);
    lane.drain();
    assertThat(told).containsExactly("small 10");
  }

  @Test
  void aLargeAnswerIsMeasuredBeforeItIsHeld() {
    CountingRoom room = new CountingRoom(Long.MAX_VALUE, 0);
    Asked asked = serve("large", keys(1, 10_001), room);
    lane.drain();
    assertThat(asked.steps()).isEqualTo(10_001);
    assertThat(room.isWaitedFor()).isTrue();
    room.tell(true);
    lane.drain();
    assertThat(asked.steps()).isEqualTo(20_002);
    assertThat(told).containsExactly("large 10000");
    assertThat(room.taken()).isGreaterThan(10_000 * (7 + VALUE_BYTES));
  }

  @Test
  void whoFindsNoRoomIsRefused() {
    CountingRoom room = new CountingRoom(Long.MAX_VALUE, 0);
    serve("large", keys(1, 10_001), room);
    lane.drain();
    room.tell(false);
    lane.drain();
    assertThat(told).containsExactly("large NO_ROOM");
  }

  @Test
  void whoseTimeIsOverWhileItWaitsForRoomFailsOnce() {
    CountingRoom room = new CountingRoom(Long.MAX_VALUE, 0);
    serve("large", keys(1, 10_001), room);
    lane.drain();
    clock.moveTo(DEADLINE);
    reads.wake();
    lane.drain();
    room.tell(true);
    lane.drain();
    assertThat(told).containsExactly("large TIMED_OUT");
  }

  /** The read ends as soon as its answer is too large, long before the end of the range. */
  @Test
  void anAnswerLargerThanAnyIsRefused() {
    CountingRoom room = new CountingRoom(300_000, Long.MAX_VALUE);
    Asked asked = serve("large", keys(1, KEYS), room);
    lane.drain();
    assertThat(told).containsExactly("large RESPONSE_TOO_LARGE");
    assertThat(asked.steps()).isLessThan(2_000);
    assertThat(room.taken()).isZero();
  }
}
