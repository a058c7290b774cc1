package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.raft.Message;
import io.balsa.wal.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which order a server starts, stops and ends. */
class NodeLifeTest {
  private static final Outcome STOPPED = new Outcome.Failed(Outcome.Failure.STOPPED);

  private final List<String> told = new ArrayList<>();

  @Test
  void aStopEndsEveryLaneAndTellsEveryCaller() throws Exception {
    HandNode server = HandNode.alone();
    server.life.stop(() -> told.add("first"));
    server.life.stop(() -> told.add("second"));
    server.host.pass(200);
    assertThat(told).containsExactlyInAnyOrder("first", "second");
    assertThat(server.host.areAllClosed()).isTrue();
    assertThat(server.host.network().isClosed()).isTrue();
    server.life.stop(() -> told.add("late"));
    assertThat(told).contains("late");
  }

  @Test
  void twoStopsAreOneEnd() throws Exception {
    HandNode server = HandNode.alone();
    server.host.hold("flush");
    server.life.stop(() -> told.add("first"));
    server.life.stop(() -> told.add("second"));
    server.host.pass(10);
    assertThat(server.host.laneOf("flush").waiting()).as("one last flush").isEqualTo(1);
    server.host.release("flush");
    assertThat(told).hasSize(2);
  }

  @Test
  void aServerThatIsStoppingTakesNoRequests() throws Exception {
    HandNode server = HandNode.leader();
    server.life.stop(() -> {});
    assertThat(server.life.isStopping()).isTrue();
    server.put("late");
    server.life.moveLeader(2, server.outcomes::add);
    assertThat(server.outcomes).containsExactly(STOPPED, STOPPED);
  }

  @Test
  void whatIsOpenIsAnsweredBeforeTheEnd() throws Exception {
    HandNode server = HandNode.leader();
    server.put("open");
    server.life.stop(() -> told.add("stopped"));
    server.host.pass(1);
    long last = server.parts.raft().status().last().index();
    server.peer(2).send(new Message.AppendEntriesReply(1, last));
    assertThat(server.outcomes).singleElement().isInstanceOf(Outcome.Answered.class);
    server.host.pass(300);
    assertThat(told).containsExactly("stopped");
  }

  @Test
  void whatCannotBeAnsweredInTimeFails() throws Exception {
    HandNode server = HandNode.leader();
    server.put("open");
    server.life.stop(() -> told.add("stopped"));
    server.host.pass(149);
    assertThat(server.outcomes).isEmpty();
    server.host.pass(150);
    assertThat(server.outcomes).containsExactly(STOPPED);
    assertThat(told).containsExactly("stopped");
  }

  @Test
  void theLogClosesAfterWhatWasWrittenBefore() throws Exception {
    HandNode server = HandNode.leader();
    server.host.hold("wal");
    server.put("open");
    server.life.end();
    server.host.run();
    assertThat(server.host.laneOf("wal").isClosed()).isFalse();
    assertThat(server.host.laneOf("raft").isClosed()).isFalse();
    server.host.release("wal");
    assertThat(server.host.areAllClosed()).isTrue();
    assertThat(server.host.halts()).isEmpty();
  }

  @Test
  void aServerThatCannotListenEndsItsLanes() {
    HandHost host = new HandHost(new MemoryDisk(1));
    host.network().takeAddress();
    var engines = new MemoryEngines(new MemoryMedium());
    assertThatThrownBy(() -> Node.start(HandNode.configOf(3), host, engines, NodeMetrics.NONE))
        .isInstanceOf(StartupFailure.class);
    host.run();
    assertThat(host.areAllClosed()).isTrue();
  }
}
