package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Range;
import io.balsa.model.Range.SortOrder;
import io.balsa.model.Range.SortTarget;
import io.balsa.model.Result;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Head;
import io.balsa.rows.Octets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What reads load, hold and keep open. */
class ReadingCostTest {
  private static final int KEYS = 1_000;
  private static final int VALUE_BYTES = 10_000;

  private final Engine engine = filled();
  private final CountedView view = new CountedView(engine.view());
  private final StoreReader reader = StoreReader.of(view);
  private final long before = view.valueBytes();

  /** Keys in order of their revisions, each put twice. */
  private static Engine filled() {
    Engine engine = new MemoryEngines(new MemoryMedium()).open("state");
    Store store = Store.open(engine, List.of());
    List<EntryToApply> entries = new ArrayList<>();
    for (int i = 0; i < 2 * KEYS; i++) {
      Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
      Command put = new Command.Put(key(i % KEYS), value, 0, false, false, false);
      Envelope.RequestId id = new Envelope.RequestId(1, 1, i + 1);
      entries.add(EntryToApply.of(i + 1L, 1, Envelope.of(id, put)));
    }
    store.apply(entries);
    return engine;
  }

  private static Bytes key(int number) {
    return Bytes.utf8("%04d".formatted(number));
  }

  @AfterEach
  void nothingStaysOpen() {
    assertThat(view.cursors()).isZero();
    view.close();
    engine.close();
  }

  private static Range all(
      long limit, long revision, SortOrder order, SortTarget target, boolean keys, boolean count) {
    return new Range(key(0), Bytes.of(0), limit, revision, order, target, keys, count, 0, 0, 0, 0);
  }

  private Reading.State read(Range range) {
    return reader.range(range, Long.MAX_VALUE).advance(Integer.MAX_VALUE);
  }

  private long loaded() {
    return view.valueBytes() - before;
  }

  @Test
  void aCountLooksAtNoValue() {
    int looks = view.looks();
    assertThat(read(all(0, 0, SortOrder.NONE, SortTarget.KEY, false, true)))
        .isEqualTo(Reading.State.DONE);
    assertThat(view.looks()).isEqualTo(looks);
    assertThat(loaded()).isZero();
  }

  @Test
  void keysAloneLoadNoValue() {
    for (SortTarget target : List.of(SortTarget.KEY, SortTarget.MOD, SortTarget.CREATE)) {
      for (SortOrder order : SortOrder.values()) {
        read(all(0, 0, order, target, true, false));
        read(all(0, KEYS, order, target, true, false));
        read(all(5, 0, order, target, true, false));
      }
    }
    read(
        new Range(
            key(7), Bytes.EMPTY, 0, 0, SortOrder.NONE, SortTarget.KEY, true, false, 0, 0, 0, 0));
    assertThat(loaded()).isZero();
  }

  @Test
  void aLimitLoadsNoMoreValuesThanItGives() {
    read(all(5, 0, SortOrder.NONE, SortTarget.KEY, false, false));
    assertThat(loaded()).isBetween(5L * VALUE_BYTES, 5L * VALUE_BYTES + 500);
  }

  @Test
  void aSortWithALimitLoadsTheValuesOfThoseThatAreAmongTheFirst() {
    read(all(5, 0, SortOrder.ASCEND, SortTarget.MOD, false, false));
    assertThat(loaded()).isBetween(5L * VALUE_BYTES, 5L * VALUE_BYTES + 500);
  }

  @Test
  void aFilterLoadsTheValuesThatItLetsThrough() {
    long last = 2 * KEYS;
    read(
        new Range(
            key(0),
            Bytes.of(0),
            0,
            0,
            SortOrder.NONE,
            SortTarget.KEY,
            false,
            false,
            last,
            0,
            0,
            0));
    assertThat(loaded()).isBetween(2L * VALUE_BYTES, 2L * VALUE_BYTES + 500);
  }

  @Test
  void aReadOfThePastLoadsOneVersionOfAKey() {
    read(all(5, KEYS + 1, SortOrder.NONE, SortTarget.KEY, false, false));
    assertThat(loaded()).isBetween(5L * VALUE_BYTES, 5L * VALUE_BYTES + 500);
  }

  /** Whatever it asks for, no more is loaded than may be held without room. */
  @Test
  void aReadWithoutRoomLoadsNoMoreThanItMayHold() {
    List<Range> ranges =
        List.of(
            all(0, 0, SortOrder.NONE, SortTarget.KEY, false, false),
            all(0, 0, SortOrder.DESCEND, SortTarget.KEY, false, false),
            all(0, KEYS + 1, SortOrder.NONE, SortTarget.KEY, false, false),
            all(900, 0, SortOrder.DESCEND, SortTarget.MOD, false, false),
            all(900, 0, SortOrder.NONE, SortTarget.VERSION, false, false));
    long sum = 0;
    for (Range range : ranges) {
      Reading<Result> reading = reader.range(range, Long.MAX_VALUE);
      assertThat(reading.advance(Integer.MAX_VALUE)).isEqualTo(Reading.State.MEASURED);
      assertThat(reading.bytesHeld()).isZero();
      assertThat(((Result.Range) reading.answer()).kvs()).isEmpty();
      assertThat(loaded() - sum).isLessThanOrEqualTo(AnswerBytes.FREE_BYTES);
      sum = loaded();
    }
    Command.Txn txn = new Command.Txn(List.of(), List.copyOf(ranges), List.of());
    assertThat(reader.txn(txn, Long.MAX_VALUE).advance(Integer.MAX_VALUE))
        .isEqualTo(Reading.State.MEASURED);
    assertThat(reader.piece(ranges.getFirst(), KEYS, 1 << 20, Long.MAX_VALUE).advance(KEYS))
        .isEqualTo(Reading.State.MEASURED);
    assertThat(loaded() - sum).isLessThanOrEqualTo(2 * AnswerBytes.FREE_BYTES);
  }

  @Test
  void aLargeValueIsMeasuredBeforeItIsLoaded() {
    Reading<Result> reading =
        new RangeReading(
            Range.of(key(3)),
            StoreState.keyspace(view, new Octets()),
            new Head(new Octets()),
            AnswerBytes.upTo(Long.MAX_VALUE, VALUE_BYTES));
    long start = loaded();
    assertThat(reading.advance(9)).isEqualTo(Reading.State.MEASURED);
    assertThat(loaded()).isEqualTo(start);
    assertThat(reading.bytes()).isGreaterThan(VALUE_BYTES);
  }

  @Test
  void noCursorIsOpenBetweenTwoSlices() {
    Reading<Result> reading =
        reader.range(all(0, KEYS, SortOrder.NONE, SortTarget.KEY, true, false), Long.MAX_VALUE);
    for (int i = 0; i < 50; i++) {
      assertThat(reading.advance(3)).isEqualTo(Reading.State.UNDER_WAY);
      reading.pause();
      assertThat(view.cursors()).isZero();
    }
  }
}
