package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.model.Caller;
import io.balsa.node.peers.HandPeer;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which part gets which frame. */
class PeerFramesTest {
  private static List<Frame> sentTo(HandPeer peer) {
    List<Frame> sent = new ArrayList<>();
    peer.dialed().forEach(link -> sent.addAll(HandPeer.framesOf(link)));
    return sent;
  }

  @Test
  void aMessageOfRaftIsSteppedOnTheRaftLane() throws Exception {
    HandNode server = new HandNode(3);
    server.peer(2).connect();
    server.peer(2).leave(new Frame.Raft(new Message.Heartbeat(1, 0, 0)));
    assertThat(server.parts.raft().role().leader()).isZero();
    server.host.run();
    assertThat(server.parts.raft().role().leader()).isEqualTo(2);
  }

  @Test
  void aHashIsComparedOnTheRaftLane() throws Exception {
    HandNode server = HandNode.leader();
    long before = server.parts.raft().status().last().index();
    server.peer(2).send(new Frame.StateHash(1024, 1), new Frame.StateHash(1024, 2));
    assertThat(server.parts.raft().status().last().index())
        .as("an alarm is proposed")
        .isEqualTo(before + 1);
  }

  @Test
  void anAnswerAboutALeaseGoesToTheClientThatAsked() throws Exception {
    HandNode server = new HandNode(3);
    server.peer(2).connect().send(new Message.Heartbeat(1, 0, 0));
    sentTo(server.peer(2));
    server.parts.leases().keepAlive(Caller.SERVER, 99, server.outcomes::add);
    server.host.run();
    Frame.LeaseQuestion question = (Frame.LeaseQuestion) sentTo(server.peer(2)).getFirst();
    assertThat(question.lease()).isEqualTo(99);
    server.peer(2).send(new Frame.LeaseAnswer(question.number() + 1, 5, 5));
    assertThat(server.outcomes).as("another question's").isEmpty();
    Frame answer = new Frame.LeaseAnswer(question.number(), 5, 5);
    server.peer(2).send(answer, answer);
    assertThat(server.outcomes).hasSize(1);
  }

  @Test
  void aQuestionForEntriesIsAnsweredOverItsOwnLink() throws Exception {
    HandNode server = HandNode.leader();
    var link = server.peer(2).greet(Frame.Purpose.REPAIR);
    HandPeer.framesOf(link);
    server.peer(2).send(new Frame.EntriesQuestion(List.of(1L, 99L)));
    assertThat(HandPeer.framesOf(link))
        .singleElement()
        .isInstanceOfSatisfying(
            Frame.EntriesAnswer.class,
            answer -> {
              assertThat(answer.considered()).isEqualTo(99);
              assertThat(answer.entries()).singleElement().matches(entry -> entry.index() == 1);
            });
  }
}
