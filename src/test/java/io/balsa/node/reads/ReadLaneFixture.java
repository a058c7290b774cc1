package io.balsa.node.reads;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.kv.Reading;
import io.balsa.kv.Store;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.HandLane;
import io.balsa.lanes.Outcome;
import io.balsa.lanes.StillClock;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.node.storage.OpenStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read lane over a store of many keys, with reads that note their answers. */
abstract class ReadLaneFixture {
  static final int KEYS = 20_000;
  static final int VALUE_BYTES = 100;
  static final long DEADLINE = 7_000_000_000L;

  final Engine engine = new MemoryEngines(new MemoryMedium()).open("state");
  final OpenStore state = filled();
  final HandLane lane = new HandLane();
  final StillClock clock = new StillClock();
  final List<String> told = new ArrayList<>();
  long applied = 1;
  int begun;

  final ReadLane reads = new ReadLane(lane, clock, () -> state, () -> applied);

  private OpenStore filled() {
    Store store = Store.open(engine, List.of());
    List<EntryToApply> entries = new ArrayList<>();
    Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
    for (int i = 1; i <= KEYS; i++) {
      Command put = new Command.Put(key(i), value, 0, false, false, false);
      Envelope.RequestId id = new Envelope.RequestId(1, 1, i);
      entries.add(EntryToApply.of(i, 1, Envelope.ofServer(id, put)));
    }
    store.apply(entries);
    return new OpenStore("state", engine, store);
  }

  static Bytes key(int number) {
    return Bytes.utf8("%07d".formatted(number));
  }

  static Range keys(int from, int to) {
    return Range.of(key(from), key(to));
  }

  static Range count(int keys) {
    return Range.count(key(1), key(1 + keys), 0);
  }

  /** A read with a name, which notes its answer or failure. */
  class Asked extends Read {
    private final String name;
    private final Range range;
    private @Nullable Reading<Result> reading;

    Asked(String name, Range range, AnswerRoom room) {
      this(name, range, room, clock.nanos() + DEADLINE);
    }

    Asked(String name, Range range, AnswerRoom room, long deadline) {
      this(Kind.SCAN, name, range, room, deadline);
    }

    Asked(Kind kind, String name, Range range, AnswerRoom room, long deadline) {
      super(kind, deadline, room);
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
    Reading<?> begin(StoreReader reader) {
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

  Asked serve(String name, Range range, AnswerRoom room) {
    Asked asked = new Asked(name, range, room);
    reads.serve(0, asked);
    return asked;
  }

  Asked serve(String name, Range range) {
    return serve(name, range, AnswerRoom.UNBOUNDED);
  }
}
