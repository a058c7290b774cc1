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
  private static final Range ALL = Range.of(key(0), Bytes.of(0));

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
      entries.add(EntryToApply.of(i + 1L, 1, Envelope.ofServer(id, put)));
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

  private Reading.State read(Range range) {
    return reader.range(range, Long.MAX_VALUE).advance(Integer.MAX_VALUE);
  }

  private long loaded() {
    return view.valueBytes() - before;
  }

  @Test
  void aCountLooksAtNoValue() {
    int looks = view.looks();
    assertThat(read(ALL.withCountOnly())).isEqualTo(Reading.State.DONE);
    assertThat(view.looks()).isEqualTo(looks);
    assertThat(loaded()).isZero();
  }

  @Test
  void keysAloneLoadNoValue() {
    for (SortTarget target : List.of(SortTarget.KEY, SortTarget.MOD, SortTarget.CREATE)) {
      for (SortOrder order : SortOrder.values()) {
        read(ALL.sorted(order, target).withKeysOnly());
        read(ALL.withRevision(KEYS).sorted(order, target).withKeysOnly());
        read(ALL.withLimit(5).sorted(order, target).withKeysOnly());
      }
    }
    read(Range.of(key(7)).withKeysOnly());
    assertThat(loaded()).isZero();
  }

  @Test
  void aLimitLoadsNoMoreValuesThanItGives() {
    read(ALL.withLimit(5));
    assertThat(loaded()).isBetween(5L * VALUE_BYTES, 5L * VALUE_BYTES + 500);
  }

  @Test
  void aSortWithALimitLoadsTheValuesOfThoseThatAreAmongTheFirst() {
    read(ALL.withLimit(5).sorted(SortOrder.ASCEND, SortTarget.MOD));
    assertThat(loaded()).isBetween(5L * VALUE_BYTES, 5L * VALUE_BYTES + 500);
  }

  @Test
  void aFilterLoadsTheValuesThatItLetsThrough() {
    long last = 2 * KEYS;
    read(ALL.withMinModRevision(last));
    assertThat(loaded()).isBetween(2L * VALUE_BYTES, 2L * VALUE_BYTES + 500);
  }

  @Test
  void aReadOfThePastLoadsOneVersionOfAKey() {
    read(ALL.withLimit(5).withRevision(KEYS + 1));
    assertThat(loaded()).isBetween(5L * VALUE_BYTES, 5L * VALUE_BYTES + 500);
  }

  /** Whatever it asks for, no more is loaded than may be held without room. */
  @Test
  void aReadWithoutRoomLoadsNoMoreThanItMayHold() {
    List<Range> ranges =
        List.of(
            ALL,
            ALL.sorted(SortOrder.DESCEND, SortTarget.KEY),
            ALL.withRevision(KEYS + 1),
            ALL.withLimit(900).sorted(SortOrder.DESCEND, SortTarget.MOD),
            ALL.withLimit(900).sorted(SortOrder.NONE, SortTarget.VERSION));
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
    Reading<Result> reading = reader.range(ALL.withRevision(KEYS).withKeysOnly(), Long.MAX_VALUE);
    for (int i = 0; i < 50; i++) {
      assertThat(reading.advance(3)).isEqualTo(Reading.State.UNDER_WAY);
      reading.pause();
      assertThat(view.cursors()).isZero();
    }
  }
}
