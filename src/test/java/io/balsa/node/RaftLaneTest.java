package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Input;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Message;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesReply;
import io.balsa.raft.Message.ForwardProposals;
import io.balsa.raft.Role;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the raft lane steps, proposes and sends. */
class RaftLaneTest {
  private static Bytes command(long sequence) {
    var put = new Command.Put(Bytes.utf8("k"), Bytes.utf8("v"), 0, false, false, false);
    return EnvelopeCodec.encode(Envelope.ofServer(new Envelope.RequestId(2, 1, sequence), put));
  }

  private static Message append(long index, long commit) {
    Entry entry = new Entry(index, 1, Entry.Kind.COMMAND, command(index));
    long before = index == 1 ? 0 : 1;
    return new AppendEntries(1, new LogPosition(index - 1, before), List.of(entry), commit, false);
  }

  private static List<Integer> entriesIn(List<Message> messages) {
    return messages.stream()
        .filter(AppendEntries.class::isInstance)
        .map(message -> ((AppendEntries) message).entries().size())
        .filter(count -> count > 0)
        .toList();
  }

  @Test
  void anAcknowledgementLeavesOnceTheEntryIsDurable() throws Exception {
    HandNode server = new HandNode(3);
    server.peer(2).connect();
    server.host.hold("wal");
    server.peer(2).send(append(1, 0));
    assertThat(server.peer(2).received()).isEmpty();
    server.host.pass(1);
    assertThat(server.peer(2).received()).as("a tick makes nothing durable").isEmpty();
    server.host.release("wal");
    assertThat(server.peer(2).received()).containsExactly(new AppendEntriesReply(1, 1));
  }

  @Test
  void eachHeldMessageWaitsForItsOwnPersist() throws Exception {
    HandNode server = new HandNode(3);
    server.peer(2).connect();
    server.host.hold("wal");
    server.peer(2).send(append(1, 0));
    server.peer(2).send(append(2, 0));
    server.parts.raft().post(new Input.Persisted(1));
    server.host.run();
    assertThat(server.peer(2).received()).containsExactly(new AppendEntriesReply(1, 1));
    server.parts.raft().post(new Input.Persisted(1));
    server.host.run();
    assertThat(server.peer(2).received()).as("told twice").isEmpty();
    server.parts.raft().post(new Input.Persisted(2));
    server.host.run();
    assertThat(server.peer(2).received()).containsExactly(new AppendEntriesReply(1, 2));
  }

  @Test
  void acknowledgementsOfOneRunLeaveAsOneMessage() throws Exception {
    HandNode server = new HandNode(3);
    server.peer(2).connect();
    server.host.hold("wal");
    server.peer(2).send(append(1, 0));
    server.peer(2).send(append(2, 0));
    server.host.release("wal");
    assertThat(server.peer(2).received()).containsExactly(new AppendEntriesReply(1, 2));
  }

  @Test
  void aLeadersEntriesLeaveBeforeItsOwnDiskHasThem() throws Exception {
    HandNode server = HandNode.leader();
    server.peer(2).received();
    server.host.hold("wal");
    server.put("a");
    assertThat(entriesIn(server.peer(2).received())).containsExactly(1);
    assertThat(server.outcomes).isEmpty();
  }

  @Test
  void commandsThatComeWhileOneIsUnderWayMakeOneBatch() throws Exception {
    HandNode server = HandNode.leader();
    server.peer(2).received();
    long last = server.parts.raft().status().last().index();
    server.put("a");
    assertThat(entriesIn(server.peer(2).received())).containsExactly(1);
    server.put("b");
    server.put("c");
    assertThat(entriesIn(server.peer(2).received())).as("one is under way").isEmpty();
    server.peer(2).send(new AppendEntriesReply(1, last + 1));
    assertThat(entriesIn(server.peer(2).received())).containsExactly(2);
    server.peer(2).send(new AppendEntriesReply(1, last + 1));
    assertThat(server.outcomes).as("an old answer commits nothing").hasSize(1);
    server.peer(2).send(new AppendEntriesReply(1, last + 3));
    assertThat(server.outcomes).hasSize(3).allMatch(Outcome.Answered.class::isInstance);
  }

  @Test
  void aTickProposesThoughOneIsUnderWay() throws Exception {
    HandNode server = HandNode.leader();
    server.put("a");
    server.peer(2).received();
    server.put("b");
    assertThat(entriesIn(server.peer(2).received())).isEmpty();
    server.host.pass(1);
    assertThat(entriesIn(server.peer(2).received())).containsExactly(1);
  }

  @Test
  void forwardedCommandsWaitForTheWriteUnderWayToo() throws Exception {
    HandNode server = HandNode.leader();
    server.put("a");
    long last = server.parts.raft().status().last().index();
    server.peer(2).received();
    server.peer(2).send(new ForwardProposals(1, 1, List.of(command(1))));
    assertThat(server.parts.raft().status().last().index()).isEqualTo(last);
    server.peer(2).send(new AppendEntriesReply(1, last));
    assertThat(server.parts.raft().status().last().index()).isEqualTo(last + 1);
    assertThat(entriesIn(server.peer(2).received())).containsExactly(1);
  }

  @Test
  void whatIsAppliedDoesNotWakeTheLane() throws Exception {
    HandNode server = HandNode.alone();
    assertThat(server.host.laneOf("raft").waiting()).isZero();
    server.parts.raft().post(new Input.Applied(server.parts.apply().facts().applied()));
    assertThat(server.host.laneOf("raft").waiting()).isZero();
    server.parts.raft().post(new Input.Suspect(9));
    server.parts.raft().post(new Input.Suspect(9));
    assertThat(server.host.laneOf("raft").waiting()).as("woken once for both").isEqualTo(1);
  }

  /** The command stays here and goes out with the first tick after the link is back. */
  @Test
  void aCommandThatNeverLeftForTheLeaderIsProposedAgain() throws Exception {
    HandNode server = new HandNode(3);
    server.peer(2).connect().send(new Message.Heartbeat(1, 0, 0));
    assertThat(server.parts.raft().role().leader()).isEqualTo(2);
    server.peer(2).dialed().forEach(link -> link.fill());
    server.put("a");
    server.host.pass(2);
    assertThat(server.outcomes).isEmpty();
    server.peer(2).dialed().forEach(link -> link.lose("broken"));
    server.host.pass(5);
    server.peer(2).answerDials();
    server.peer(2).send(new Message.Heartbeat(1, 0, 0));
    server.host.pass(2);
    assertThat(server.peer(2).received()).filteredOn(ForwardProposals.class::isInstance).hasSize(1);
  }

  @Test
  void aLeaderOfALaterTermEndsTheBatchUnderWay() throws Exception {
    HandNode server = HandNode.leader();
    server.put("a");
    server.put("b");
    server.peer(2).received();
    server.peer(2).send(new Message.Heartbeat(2, 1, 0));
    assertThat(server.parts.raft().role()).isEqualTo(new Effect.RoleChanged(Role.FOLLOWER, 2, 2));
    assertThat(server.peer(2).received()).anyMatch(ForwardProposals.class::isInstance);
  }

  @Test
  void aMemberThatBreaksTheRulesLosesItsLinks() throws Exception {
    HandNode server = HandNode.leader();
    server.peer(2).send(new Message.Heartbeat(1, 0, 0));
    assertThat(server.peer(2).inbound().isClosed()).isTrue();
    assertThat(server.parts.raft().role().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void afterTheEndNothingIsStepped() throws Exception {
    HandNode server = HandNode.leader();
    server.life.end();
    server.host.run();
    server.peer(2).leave(new Frame.Raft(new Message.Heartbeat(2, 1, 0)));
    server.parts.raft().wake();
    server.host.pass(10);
    assertThat(server.parts.raft().role().role()).isEqualTo(Role.LEADER);
    assertThat(server.host.halts()).isEmpty();
  }
}
