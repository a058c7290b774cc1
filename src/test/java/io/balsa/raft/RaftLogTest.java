package io.balsa.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The core's view of the log against a list of all entries, under random operations. */
class RaftLogTest {
  private final Random random = new Random(7);
  private final List<Entry> entries = new ArrayList<>();
  private final RaftLog log = anew();
  private LogPosition start = LogPosition.ZERO;
  private long written;
  private long term = 1;

  private static RaftLog anew() {
    return new RaftLog(400, Recovered.empty(Configuration.of(List.of(1L))));
  }

  @Test
  void theViewIsThatOfTheWholeLog() {
    for (int i = 0; i < 20_000; i++) {
      change();
      verify();
    }
  }

  private void change() {
    switch (random.nextInt(10)) {
      case 0 -> truncate();
      case 1 -> compact();
      case 2, 3, 4 -> persist();
      case 5 -> reset();
      default -> append();
    }
  }

  private LogPosition last() {
    return entries.isEmpty() ? start : entries.getLast().position();
  }

  private void append() {
    List<Entry> added = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      term += random.nextInt(4) == 0 ? 1 : 0;
      long index = last().index() + 1 + added.size();
      added.add(new Entry(index, term, Entry.Kind.COMMAND, Bytes.EMPTY));
    }
    written = log.append(added);
    entries.addAll(added);
  }

  private void truncate() {
    if (!entries.isEmpty()) {
      int kept = random.nextInt(entries.size());
      log.truncate(start.index() + kept);
      entries.subList(kept, entries.size()).clear();
    }
  }

  private void compact() {
    if (!entries.isEmpty()) {
      int gone = 1 + random.nextInt(entries.size());
      start = entries.get(gone - 1).position();
      log.compact(start.index());
      entries.subList(0, gone).clear();
    }
  }

  private void persist() {
    log.persisted(written);
  }

  private void reset() {
    if (random.nextInt(20) == 0) {
      start = new LogPosition(last().index() + 5, ++term);
      written = log.reset(new Snapshot(start.index(), start.term(), Configuration.of(List.of(1L))));
      entries.clear();
    }
  }

  private void verify() {
    assertThat(log.start()).isEqualTo(start);
    assertThat(log.last()).isEqualTo(last());
    for (Entry entry : entries) {
      assertThat(log.termAt(entry.index())).isEqualTo(entry.term());
      if (log.recent().contains(entry.index())) {
        assertThat(log.recent().slice(entry.index(), entry.index(), 0)).containsExactly(entry);
      } else {
        assertThat(entry.index()).isLessThanOrEqualTo(log.durableIndex());
      }
    }
    LogPosition asked =
        new LogPosition(random.nextLong(last().index() + 3), random.nextLong(term + 2));
    assertThat(log.lastCandidate(asked)).isEqualTo(lastCandidate(asked));
  }

  private LogPosition lastCandidate(LogPosition asked) {
    return entries.reversed().stream()
        .map(Entry::position)
        .filter(at -> at.index() <= asked.index() && at.term() <= asked.term())
        .findFirst()
        .orElse(start);
  }
}
