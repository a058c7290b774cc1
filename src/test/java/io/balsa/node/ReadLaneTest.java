package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.EngineFailure;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.kv.Applied;
import io.balsa.kv.Command;
import io.balsa.kv.Envelope;
import io.balsa.kv.Range;
import io.balsa.kv.Reader;
import io.balsa.kv.Reading;
import io.balsa.kv.Result;
import io.balsa.kv.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In which order reads are served, and which are not. */
class ReadLaneTest {
  private static final int KEYS = 20_000;
  private static final int VALUE_BYTES = 100;
  private static final long DEADLINE = 7_000_000_000L;

  private final Engine engine = new MemoryEngines(new MemoryMedium()).open("state");
  private final State state = filled();
  private final HandLane lane = new HandLane();
  private final StillClock clock = new StillClock();
  private final List<String> told = new ArrayList<>();
  private long applied = 1;
  private int begun;

  private final ReadLane reads = new ReadLane(lane, clock, () -> state, () -> applied);

  private State filled() {
    Store store = Store.open(engine, List.of());
    List<Applied> entries = new ArrayList<>();
    Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
    for (int i = 1; i <= KEYS; i++) {
      Command put = new Command.Put(key(i), value, 0, false, false, false);
      Envelope.RequestId id = new Envelope.RequestId(1, 1, i);
      entries.add(Applied.of(i, 1, Envelope.of(id, put)));
    }
    store.apply(entries);
    return new State("state", engine, store);
  }

  private static Bytes key(int number) {
    return Bytes.utf8("%07d".formatted(number));
  }

  private static Range keys(int from, int to) {
    return Range.of(key(from), key(to));
  }

  private static Range count(int keys) {
    return new Range(
        key(1),
        key(1 + keys),
        0,
        0,
        Range.SortOrder.NONE,
        Range.SortTarget.KEY,
        false,
        true,
        0,
        0,
        0,
        0);
  }

  /** A read with a name, which notes what it is told. */
  private class Asked extends Read {
    private final String name;
    private final Range range;
    private @Nullable Reading<Result> reading;

    Asked(String name, Range range, AnswerRoom room) {
      this(name, range, room, clock.nanos() + DEADLINE);
    }

    Asked(String name, Range range, AnswerRoom room, long deadline) {
      super(true, deadline, room);
      this.name = name;
      this.range = range;
    }

    long bytesHeld() {
      return reading == null ? 0 : reading.bytesHeld();
    }

    long steps() {
      return reading == null ? 0 : reading.steps();
    }

    @Override
    Reading<?> begin(Reader reader) {
      begun++;
      reading = reader.range(range, room().bytesMax());
      return reading;
    }

    @Override
    void answer() {
      Result.Range answer = (Result.Range) java.util.Objects.requireNonNull(reading).answer();
      told.add(name + " " + answer.count());
    }

    @Override
    void failed(Outcome.Failure failure) {
      told.add(name + " " + failure);
    }
  }

  private Asked serve(String name, Range range, AnswerRoom room) {
    Asked asked = new Asked(name, range, room);
    reads.serve(0, asked);
    return asked;
  }

  private Asked serve(String name, Range range) {
    return serve(name, range, AnswerRoom.UNBOUNDED);
  }

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

  /** They do not all end at the same late moment. */
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

  /** The room that it has is what others wait for. */
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

  /** What was counted while it was measured is not counted again. */
  @Test
  void aLimitIsReadOnlySoFarWhenThereIsRoom() {
    CountingRoom room = new CountingRoom(Long.MAX_VALUE, Long.MAX_VALUE);
    Range all = keys(1, KEYS + 1);
    Asked asked = serve("page", all.from(all.key(), 0, 2_000), room);
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

  /** Two thousand counts of the whole store, whose clients have left, are no work at all. */
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

  /** A hash of a large store takes longer than any client's read may. */
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

  /** The leases, for who keeps them, while clients fill the lane. */
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

  /** The others have their first slice, and with it their answer when they are short. */
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

  /** Those whose clients have left make place. */
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

  /** Each of them may hold little, but all of them together may not hold much. */
  @Test
  void whatIsHeldWithoutRoomIsBoundedForAllTogether() {
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(serve("range", keys(1, 601)));
    }
    lane.step();
    long holding = all.stream().filter(asked -> asked.bytesHeld() > 0).count();
    assertThat(all.stream().mapToLong(Asked::bytesHeld).sum())
        .isBetween(Slices.HELD_BYTES_MAX / 2, Slices.HELD_BYTES_MAX + Reading.FREE_BYTES);
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

  /** It ends as soon as that is known, long before the end of the range. */
  @Test
  void anAnswerLargerThanAnyIsRefused() {
    CountingRoom room = new CountingRoom(300_000, Long.MAX_VALUE);
    Asked asked = serve("large", keys(1, KEYS), room);
    lane.drain();
    assertThat(told).containsExactly("large RESPONSE_TOO_LARGE");
    assertThat(asked.steps()).isLessThan(2_000);
    assertThat(room.taken()).isZero();
  }

  @Test
  void aReadThatFailsEndsAlone() {
    reads.serve(
        0,
        new Asked("broken", keys(1, 2), AnswerRoom.UNBOUNDED) {
          @Override
          Reading<?> begin(Reader reader) {
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
            true,
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

  /** The store is what the server promises on: it does not go on without. */
  @Test
  void aFailureOfTheStoreEndsTheLane() {
    reads.serve(
        0,
        Read.of(
            true,
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
