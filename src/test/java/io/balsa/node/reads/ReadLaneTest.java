package io.balsa.node.reads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.engine.EngineFailure;
import io.balsa.kv.Reading;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.CountingRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which reads are served, and the reads that are not served. */
class ReadLaneTest extends ReadLaneFixture {
  @Test
  void aShortReadThatComesLaterIsAnsweredBeforeALongOne() {
    serve("long", count(KEYS));
    lane.step();
    assertThat(told).isEmpty();
    serve("short", keys(5, 8));
    lane.drain();
    assertThat(told).containsExactly("short 3", "long 20000");
  }

  @Test
  void whoTookFewStepsGoesOnBeforeWhoTookMany() {
    serve("long", count(KEYS));
    lane.step();
    serve("short", count(3_000));
    lane.drain();
    assertThat(told).containsExactly("short 3000", "long 20000");
  }

  /** Reads of the same length must not all end at the same late moment. */
  @Test
  void ofThoseThatAreAboutAsLongTheFirstEndsFirst() {
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(serve("long", count(KEYS)));
    }
    while (told.isEmpty()) {
      lane.step();
    }
    long steps = all.stream().mapToLong(Asked::steps).sum();
    assertThat(steps).isLessThan(KEYS + 10L * 2 * Slices.SLICE_STEPS);
    lane.drain();
    assertThat(told).hasSize(10).containsOnly("long 20000");
  }

  /** Other reads wait for the room that it has. */
  @Test
  void whoHasRoomGoesOnFirst() {
    CountingRoom room = new CountingRoom(Long.MAX_VALUE, 0);
    serve("large", keys(1, 15_001), room);
    lane.drain();
    serve("long", count(KEYS));
    lane.step();
    lane.step();
    room.tell(true);
    lane.drain();
    assertThat(told).containsExactly("large 15000", "long 20000");
  }

  /** Keys that were counted while the answer was measured are not counted again. */
  @Test
  void aLimitIsReadOnlySoFarWhenThereIsRoom() {
    CountingRoom room = new CountingRoom(Long.MAX_VALUE, Long.MAX_VALUE);
    Range all = keys(1, KEYS + 1);
    Asked asked = serve("page", all.withRevision(0).withLimit(2_000), room);
    lane.drain();
    assertThat(told).containsExactly("page 20000");
    assertThat(asked.steps()).isEqualTo(KEYS + 1 + 2_000);
  }

  @Test
  void aSliceHasAnEnd() {
    Asked asked = serve("long", count(KEYS));
    lane.step();
    assertThat(asked.steps()).isEqualTo(Slices.SLICE_STEPS);
    clock.eachLookTakes(1_000_000);
    lane.step();
    assertThat(asked.steps()).isEqualTo(Slices.SLICE_STEPS + 3 * Slices.STEPS);
    clock.eachLookTakes(0);
    lane.drain();
    assertThat(told).containsExactly("long 20000");
  }

  /** Two thousand counts of the whole store cost nothing once their clients have left. */
  @Test
  void whoseClientIsGoneIsNotServed() {
    CountingRoom room = new CountingRoom(1 << 20, 1 << 20);
    for (int i = 0; i < 2_000; i++) {
      serve("gone", count(KEYS), room);
    }
    room.leave();
    serve("polite", keys(1, 2));
    lane.drain();
    assertThat(begun).isEqualTo(1);
    assertThat(told).hasSize(2_001).contains("polite 1");
    assertThat(told.stream().filter("gone CANCELLED"::equals)).hasSize(2_000);
  }

  @Test
  void whoseClientLeavesInTheMidstIsDroppedAtTheNextSlice() {
    CountingRoom room = new CountingRoom(1 << 20, 1 << 20);
    Asked asked = serve("long", count(KEYS), room);
    lane.step();
    long before = asked.steps();
    room.leave();
    lane.drain();
    assertThat(asked.steps()).isEqualTo(before);
    assertThat(told).containsExactly("long CANCELLED");
  }

  @Test
  void whoseTimeIsOverFailsThoughItCouldBeServed() {
    serve("late", keys(1, 2));
    clock.moveTo(DEADLINE);
    lane.drain();
    assertThat(begun).isZero();
    assertThat(told).containsExactly("late TIMED_OUT");
  }

  @Test
  void whoseTimeIsOverInTheMidstFails() {
    serve("long", count(KEYS));
    lane.step();
    clock.moveTo(DEADLINE);
    lane.drain();
    assertThat(told).containsExactly("long TIMED_OUT");
  }

  /** A hash of a large store may take longer than a client's read may. */
  @Test
  void aLongOneThatHasBegunEndsOnlyWithItsClient() {
    CountingRoom room = new CountingRoom(1 << 20, 1 << 20);
    for (AnswerRoom its : List.of(AnswerRoom.UNBOUNDED, room)) {
      reads.serve(0, new LongRead("hash", its));
    }
    lane.step();
    clock.moveTo(DEADLINE);
    room.leave();
    lane.drain();
    assertThat(told).containsExactly("hash CANCELLED", "hash 20000");
    reads.serve(0, new LongRead("late", AnswerRoom.UNBOUNDED, DEADLINE));
    lane.drain();
    assertThat(told).endsWith("late TIMED_OUT");
  }

  private class LongRead extends Asked {
    LongRead(String name, AnswerRoom room) {
      super(name, count(KEYS), room);
    }

    LongRead(String name, AnswerRoom room, long deadline) {
      super(name, count(KEYS), room, deadline);
    }

    @Override
    boolean isLong() {
      return true;
    }
  }

  /** The lease keeper must get the leases though clients' reads fill the lane. */
  @Test
  void whatIsTheServersOwnHasItsPlaceBeforeClients() {
    for (int i = 0; i < Slices.INTERRUPTED_MAX; i++) {
      serve("long", count(KEYS));
    }
    lane.step();
    reads.serve(
        0,
        new LongRead("own", AnswerRoom.UNBOUNDED) {
          @Override
          boolean isOwn() {
            return true;
          }
        });
    for (int i = 0; i < 10; i++) {
      lane.step();
    }
    assertThat(told).containsExactly("own 20000");
    reads.close();
    lane.drain();
  }

  @Test
  void whoWaitsForItsIndexFailsInTime() {
    reads.serve(5, new Asked("future", keys(1, 2), AnswerRoom.UNBOUNDED));
    lane.drain();
    clock.moveTo(DEADLINE);
    reads.wake();
    lane.drain();
    assertThat(told).containsExactly("future TIMED_OUT");
  }

  @Test
  void whoWaitsForItsIndexIsServedFromIt() {
    reads.serve(5, new Asked("future", keys(1, 2), AnswerRoom.UNBOUNDED));
    lane.drain();
    assertThat(told).isEmpty();
    applied = 5;
    reads.wake();
    lane.drain();
    assertThat(told).containsExactly("future 1");
  }

  /** Every other read has its first slice. A short read is answered in it. */
  @Test
  void onlySoManyWaitInTheirMidst() {
    for (int i = 0; i < Slices.INTERRUPTED_MAX + 5; i++) {
      serve("long", count(KEYS));
    }
    serve("short", keys(1, 3));
    lane.step();
    assertThat(told.stream().filter("long TOO_MANY_REQUESTS"::equals)).hasSize(5);
    assertThat(told).contains("short 2");
    reads.close();
    lane.drain();
    assertThat(told.stream().filter("long STOPPED"::equals)).hasSize(Slices.INTERRUPTED_MAX);
  }

  /** Reads whose clients have left give up their places. */
  @Test
  void thePlacesOfThoseWhoLeftAreFree() {
    CountingRoom room = new CountingRoom(1 << 20, 1 << 20);
    for (int i = 0; i < Slices.INTERRUPTED_MAX; i++) {
      serve("gone", count(KEYS), room);
    }
    lane.step();
    room.leave();
    serve("long", count(KEYS));
    lane.drain();
    assertThat(told).contains("long 20000").doesNotContain("long TOO_MANY_REQUESTS");
  }

  @Test
  void aReadThatFailsEndsAlone() {
    reads.serve(
        0,
        new Asked("broken", keys(1, 2), AnswerRoom.UNBOUNDED) {
          @Override
          Reading<?> begin(StoreReader reader) {
            throw new IllegalStateException("cannot begin");
          }
        });
    reads.serve(
        0,
        new Asked("tongue-tied", keys(1, 2), AnswerRoom.UNBOUNDED) {
          @Override
          void answer() {
            throw new IllegalStateException("cannot be encoded");
          }

          @Override
          void failed(Outcome.Failure failure) {
            super.failed(failure);
            throw new IllegalStateException("cannot even be told");
          }
        });
    reads.serve(
        0,
        Read.of(
            Read.Kind.SCAN,
            DEADLINE,
            _ -> {
              throw new IllegalStateException("cannot go on");
            },
            failure -> told.add("stuck " + failure)));
    serve("whole", keys(1, 2));
    lane.drain();
    assertThat(told)
        .containsExactly(
            "broken READ_FAILED", "tongue-tied READ_FAILED", "stuck READ_FAILED", "whole 1");
  }

  /** Without its store the server can keep no promise, so it must end. */
  @Test
  void aFailureOfTheStoreEndsTheLane() {
    reads.serve(
        0,
        Read.of(
            Read.Kind.SCAN,
            DEADLINE,
            _ -> {
              throw new EngineFailure("damaged", new IOException());
            },
            failure -> told.add("told " + failure)));
    assertThatThrownBy(lane::drain).isInstanceOf(EngineFailure.class);
    assertThat(told).isEmpty();
  }

  @Test
  void aStateIsUsedUntilTheLastInterruptedReadIsOver() {
    serve("long", count(KEYS));
    lane.step();
    state.retire(() -> told.add("closed"));
    assertThat(told).isEmpty();
    lane.drain();
    assertThat(told).containsExactly("long 20000", "closed");
  }

  @Test
  void atTheEndAllAreTold() {
    CountingRoom room = new CountingRoom(Long.MAX_VALUE, 0);
    serve("roomless", keys(1, 10_001), room);
    lane.drain();
    serve("long", count(KEYS));
    lane.step();
    reads.serve(9, new Asked("future", keys(1, 2), AnswerRoom.UNBOUNDED));
    lane.step();
    reads.close();
    lane.drain();
    assertThat(told)
        .containsExactlyInAnyOrder("roomless STOPPED", "long STOPPED", "future STOPPED");
    state.retire(() -> told.add("closed"));
    assertThat(told).contains("closed");
    serve("late", keys(1, 2));
    assertThat(told).contains("late STOPPED");
  }
}
