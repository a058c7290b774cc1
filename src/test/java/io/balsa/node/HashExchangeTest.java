package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.model.Alarm;
import io.balsa.node.peers.HandPeer;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who sends its hash to whom, and when replicas are said to differ. */
class HashExchangeTest {
  private static final Alarm CORRUPT = new Alarm(1, Alarm.Kind.CORRUPT);

  private static HashExchange exchange(HandNode server) {
    var parts = server.parts;
    return new HashExchange(1, parts.raft(), parts.peers(), parts.commands());
  }

  private static List<Alarm> alarms(HandNode server) {
    server.host.run();
    return server.parts.apply().facts().alarms();
  }

  @Test
  void equalHashesAreNoAlarmWhicheverComesFirst() throws Exception {
    HandNode server = HandNode.alone();
    HashExchange hashes = exchange(server);
    hashes.applied(new Frame.StateHash(1024, 5));
    hashes.received(new Frame.StateHash(1024, 5));
    hashes.received(new Frame.StateHash(2048, 6));
    hashes.applied(new Frame.StateHash(2048, 6));
    assertThat(alarms(server)).isEmpty();
  }

  @Test
  void anotherHashOfAFollowerIsAnAlarm() throws Exception {
    HandNode server = HandNode.alone();
    HashExchange hashes = exchange(server);
    hashes.applied(new Frame.StateHash(1024, 5));
    hashes.received(new Frame.StateHash(1024, 6));
    assertThat(alarms(server)).containsExactly(CORRUPT);
  }

  @Test
  void anEarlyHashIsComparedOnceThisServerGetsThere() throws Exception {
    HandNode server = HandNode.alone();
    HashExchange hashes = exchange(server);
    hashes.received(new Frame.StateHash(1024, 6));
    assertThat(alarms(server)).isEmpty();
    hashes.applied(new Frame.StateHash(1024, 5));
    assertThat(alarms(server)).containsExactly(CORRUPT);
  }

  @Test
  void aHashThatComesTwiceIsComparedTwice() throws Exception {
    HandNode server = HandNode.alone();
    HashExchange hashes = exchange(server);
    hashes.received(new Frame.StateHash(1024, 6));
    hashes.received(new Frame.StateHash(1024, 6));
    assertThat(alarms(server)).isEmpty();
    hashes.received(new Frame.StateHash(1024, 7));
    assertThat(alarms(server)).as("two followers differ").containsExactly(CORRUPT);
  }

  @Test
  void aHashBeyondTheBoundIsForgotten() throws Exception {
    HandNode server = HandNode.alone();
    HashExchange hashes = exchange(server);
    for (int i = 1; i <= 257; i++) {
      hashes.applied(new Frame.StateHash(i * 1024L, 5));
    }
    hashes.received(new Frame.StateHash(1024, 6));
    assertThat(alarms(server)).isEmpty();
    hashes.received(new Frame.StateHash(2048, 6));
    assertThat(alarms(server)).containsExactly(CORRUPT);
  }

  @Test
  void aFollowerSendsItsHashToTheLeaderAndNobodyElseDoes() throws Exception {
    HandNode server = new HandNode(3);
    server.peer(2).connect();
    exchange(server).applied(new Frame.StateHash(1024, 5));
    assertThat(hashesSent(server)).as("no leader is known").isEmpty();
    server.peer(2).send(new Message.Heartbeat(1, 0, 0));
    exchange(server).applied(new Frame.StateHash(2048, 6));
    assertThat(hashesSent(server)).containsExactly(new Frame.StateHash(2048, 6));
    HandNode leader = HandNode.leader();
    hashesSent(leader);
    exchange(leader).applied(new Frame.StateHash(1024, 5));
    assertThat(hashesSent(leader)).isEmpty();
  }

  private static List<Frame> hashesSent(HandNode server) {
    List<Frame> sent = new ArrayList<>();
    server.peer(2).dialed().forEach(link -> sent.addAll(HandPeer.framesOf(link)));
    sent.removeIf(frame -> !(frame instanceof Frame.StateHash));
    return sent;
  }
}
