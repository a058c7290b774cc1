package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.KeyValue;
import io.balsa.model.Range;
import io.balsa.model.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Ranges at every revision of keys of which some have many versions. */
class LongHistoryTest {
  private static final List<String> KEYS = List.of("a", "b", "b\0", "c", "d");

  private final Replica replica = new Replica(new MemoryEngines(new MemoryMedium()), "state");
  private final Map<Long, TreeMap<String, String>> states = new HashMap<>();
  private final TreeMap<String, String> now = new TreeMap<>();

  @Test
  void rangesFindTheVersionOfTheirRevision() {
    for (int i = 0; i < 300; i++) {
      step(KEYS.get(i % 7 % KEYS.size()), i);
    }
    long last = 1L + states.size();
    for (long revision = 2; revision <= last; revision++) {
      TreeMap<String, String> then =
          Objects.requireNonNull(states.get(revision), "every step has a revision");
      assertThat(range("", "\0", revision)).isEqualTo(then);
      assertThat(range("b", "c", revision)).isEqualTo(then.subMap("b", "c"));
    }
  }

  /** Runs of puts, with a deletion in between where the key is there. */
  private void step(String key, int number) {
    boolean delete = number % 41 > 35 && now.containsKey(key);
    Bytes bytes = Bytes.utf8(key);
    Command command =
        delete
            ? new Command.DeleteRange(bytes, Bytes.EMPTY, false)
            : new Command.Put(bytes, Bytes.utf8("v" + number), 0, false, false, false);
    if (delete) {
      now.remove(key);
    } else {
      now.put(key, "v" + number);
    }
    Envelope envelope = Envelope.ofServer(new Envelope.RequestId(7, 1, number), command);
    Result result = replica.apply(List.of(EntryToApply.of(number + 1, 1, envelope))).getFirst();
    states.put(result.revision(), new TreeMap<>(now));
  }

  private Map<String, String> range(String from, String end, long revision) {
    Bytes key = from.isEmpty() ? Bytes.of(0) : Bytes.utf8(from);
    Range range = at(key, Bytes.utf8(end), revision);
    Map<String, String> found = new TreeMap<>();
    List<String> order = new ArrayList<>();
    for (KeyValue kv : ((Result.Range) replica.read(range)).kvs()) {
      found.put(kv.key().utf8(), kv.value().utf8());
      order.add(kv.key().utf8());
    }
    assertThat(order).isSorted();
    return found;
  }

  private static Range at(Bytes key, Bytes end, long revision) {
    return Range.of(key, end).withRevision(revision);
  }
}
