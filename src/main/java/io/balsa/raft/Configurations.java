package io.balsa.raft;

import io.balsa.bytes.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * The configurations of the log. The newest is in force from the moment it is appended (thesis
 * 4.1), and the one before it comes back when its entry is truncated.
 */
final class Configurations {
  private record Placed(long index, Configuration configuration) {}

  /** Ascending; the first is in force at the log's start and always stays. */
  private final List<Placed> placed = new ArrayList<>();

  Configurations(long start, Configuration configuration) {
    placed.add(new Placed(start, configuration));
  }

  Configuration newest() {
    return placed.getLast().configuration();
  }

  void append(Entry entry) {
    Check.that(entry.index() > placed.getLast().index(), "configurations go forward");
    placed.add(new Placed(entry.index(), Configuration.decode(entry.payload())));
  }

  void truncate(long last) {
    while (placed.size() > 1 && placed.getLast().index() > last) {
      placed.removeLast();
    }
  }

  void compact(long start) {
    while (placed.size() > 1 && placed.get(1).index() <= start) {
      placed.removeFirst();
    }
  }
}
