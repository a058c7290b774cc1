package io.balsa.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogWatchTest {
  private final World world = new World(new Trace(null), (_, _) -> {});
  private final LogWatch log = new LogWatch(world);

  private static Entry entry(long index, long term, String payload) {
    return new Entry(index, term, Entry.Kind.COMMAND, Bytes.utf8(payload));
  }

  @Test
  void aTermHasOneLeader() {
    log.leads(1, 5);
    log.leads(1, 5);
    log.leads(2, 6);
    assertThat(world.broken()).isNull();
    log.leads(2, 5);
    assertThat(world.broken()).contains("both lead term 5");
  }

  @Test
  void anIndexAndATermNameOneEntry() {
    log.tells(1, LogPosition.ZERO, List.of(entry(1, 1, "a")));
    log.tells(1, LogPosition.ZERO, List.of(entry(1, 1, "a"), entry(2, 1, "b")));
    assertThat(world.broken()).isNull();
    log.tells(2, LogPosition.ZERO, List.of(entry(1, 1, "c")));
    assertThat(world.broken()).contains("logs differ");
  }

  @Test
  void whatIsCommittedIsInTheLogOfLaterLeaders() {
    log.tells(1, LogPosition.ZERO, List.of(entry(1, 1, "a"), entry(2, 1, "b")));
    log.commits(1, 2);
    assertThat(log.committed()).hasSize(2);
    log.tells(3, new LogPosition(1, 1), List.of(entry(2, 2, "c")));
    assertThat(world.broken()).contains("the leader of term 3 has");
  }

  @Test
  void aLeaderOfAnEarlierTermMayNotKnowBetter() {
    log.tells(3, LogPosition.ZERO, List.of(entry(1, 3, "a")));
    log.commits(3, 1);
    log.tells(2, LogPosition.ZERO, List.of(entry(1, 2, "b")));
    assertThat(world.broken()).isNull();
  }

  @Test
  void anIndexIsCommittedOnce() {
    log.tells(1, LogPosition.ZERO, List.of(entry(1, 1, "a")));
    log.commits(1, 1);
    log.tells(2, LogPosition.ZERO, List.of());
    log.tells(2, new LogPosition(1, 2), List.of(entry(2, 2, "b")));
    log.commits(2, 2);
    assertThat(world.broken()).isNotNull();
  }
}
