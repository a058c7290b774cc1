package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.model.Command;
import io.balsa.model.HashKv;
import io.balsa.model.KeyValue;
import io.balsa.model.Lease;
import io.balsa.model.Range;
import io.balsa.model.Range.SortOrder;
import io.balsa.model.Range.SortTarget;
import io.balsa.model.RangePiece;
import io.balsa.model.Result;
import io.balsa.rows.AnswerBytes;
import io.balsa.rows.Head;
import io.balsa.rows.Octets;
import io.balsa.rows.ViewKeyspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Reads one after another in slices of every size, with and without room for what they hold, and
 * compares what they are answered.
 */
final class SlicedReads implements AutoCloseable {
  private static final int LONGEST_SLICE = 4;

  private final Random random;
  private final Engine.View view;
  private final ViewKeyspace keys;
  private final Octets octets = new Octets();
  private final Head head = new Head(octets);

  SlicedReads(Engine engine, Random random) {
    this.random = random;
    this.view = engine.view();
    this.keys = StoreState.keyspace(view, octets);
  }

  /** So many bytes held before there is room; often next to none. */
  private AnswerBytes held() {
    return AnswerBytes.upTo(
        Long.MAX_VALUE, random.nextInt(4) == 0 ? 1 << 20 : random.nextInt(3000));
  }

  /** Answers in slices, taking whatever room is asked for. */
  private <T> T answer(Reading<T> reading, int steps) {
    boolean measures =
        reading instanceof RangeReading
            || reading instanceof TxnReading
            || reading instanceof PieceReading;
    long measured = -1;
    while (true) {
      Reading.State state = reading.advance(steps);
      switch (state) {
        case UNDER_WAY -> {
          reading.pause();
          if (measured == -1 && measures && random.nextInt(8) == 0) {
            reading.dropAndMeasure();
          }
        }
        case MEASURED -> {
          assertThat(measured).as("measures once").isEqualTo(-1);
          measured = reading.bytes();
          reading.beginAgain(measured);
        }
        case DONE -> {
          assertThat(measured == -1 || reading.bytes() <= measured).isTrue();
          return reading.answer();
        }
        case TOO_LARGE -> throw new AssertionError("nothing is too large without a bound");
      }
    }
  }

  void compare(Range range, Result expected) {
    for (int steps = 1; steps <= LONGEST_SLICE; steps++) {
      assertThat(answer(new RangeReading(range, keys, head, held()), steps)).isEqualTo(expected);
    }
    if (expected instanceof Result.Range answer) {
      compareBound(range, answer);
      comparePieces(range, answer);
    }
  }

  /** What fits is answered; what does not is not, unless a limit let larger keys go meanwhile. */
  private void compareBound(Range range, Result.Range expected) {
    long size = AnswerBytes.ANSWER_BYTES;
    for (KeyValue kv : expected.kvs()) {
      size += Picked.size(kv.key(), kv.value().size());
    }
    boolean sorts = range.order() != SortOrder.NONE || range.target() != SortTarget.KEY;
    long largest = 64L + random.nextInt(3000);
    Reading<Result> reading =
        new RangeReading(
            range, keys, head, AnswerBytes.upTo(largest, random.nextInt((int) largest)));
    Reading.State state = reading.advance(Integer.MAX_VALUE);
    if (state == Reading.State.MEASURED) {
      assertThat(reading.bytes()).isLessThanOrEqualTo(largest);
      reading.beginAgain(reading.bytes());
      state = reading.advance(Integer.MAX_VALUE);
    }
    if (size > largest) {
      assertThat(state).isEqualTo(Reading.State.TOO_LARGE);
    } else if (!sorts) {
      assertThat(state).isEqualTo(Reading.State.DONE);
    }
    if (state == Reading.State.DONE) {
      assertThat(reading.answer()).isEqualTo(expected);
    }
  }

  /** In the order of keys and without filters alone. */
  private void comparePieces(Range range, Result.Range expected) {
    boolean plain =
        !Picked.isFiltered(range)
            && range.order() == SortOrder.NONE
            && range.target() == SortTarget.KEY;
    if (!plain) {
      return;
    }
    List<KeyValue> kvs = new ArrayList<>();
    Range left = range;
    RangePiece piece;
    while (true) {
      int keysMax = 1 + random.nextInt(3);
      long bytesMax = 1L + random.nextInt(6);
      int steps = 1 + random.nextInt(LONGEST_SLICE);
      piece = answer(new PieceReading(left, keys, keysMax, bytesMax, held()), steps);
      kvs.addAll(piece.kvs());
      if (piece.next() == null) {
        break;
      }
      assertThat(piece.kvs()).isNotEmpty();
      long limit = left.limit() <= 0 ? 0 : left.limit() - piece.kvs().size();
      left = left.withKey(piece.nextKey()).withRevision(range.revision()).withLimit(limit);
    }
    assertThat(kvs).isEqualTo(expected.kvs());
    assertThat(kvs.size() + piece.rest()).isEqualTo(expected.count());
  }

  void compare(Command.Txn txn, Result expected) {
    for (int steps = 1; steps <= LONGEST_SLICE; steps++) {
      assertThat(answer(new TxnReading(txn, keys, head, held()), steps)).isEqualTo(expected);
    }
  }

  void compareHash(long revision) {
    HashKv expected = StoreReader.whole(new HashReading(keys, revision));
    for (int steps = 1; steps <= LONGEST_SLICE; steps++) {
      assertThat(answer(new HashReading(keys, revision), steps)).isEqualTo(expected);
    }
  }

  void compareLeases(List<Lease> leases) {
    for (int steps = 1; steps <= LONGEST_SLICE; steps++) {
      assertThat(answer(new LeaseTableReading(keys), steps).leases()).isEqualTo(leases);
      assertThat(answer(new LeaseIdsReading(keys, _ -> true, held()), steps))
          .isEqualTo(new Result.Leases(keys.revision(), leases.stream().map(Lease::id).toList()));
    }
  }

  void compareAttached(long lease, List<Bytes> attached) {
    for (int steps = 1; steps <= LONGEST_SLICE; steps++) {
      assertThat(answer(new AttachedReading(lease, keys, held()), steps).keys())
          .isEqualTo(attached);
    }
  }

  @Override
  public void close() {
    view.close();
  }
}
