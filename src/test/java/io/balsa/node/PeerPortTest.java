package io.balsa.node;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.Link;
import io.balsa.house.SharesCores;
import io.balsa.lanes.Outcome;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Message;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What those may do who reach a peer port, and are no member: nothing. */
@SharesCores
@Timeout(120)
class PeerPortTest {
  private final GrpcNetwork outside = new GrpcNetwork(List.of(new HostPort("127.0.0.1", 0)));
  private Trio trio;
  private long term;

  @BeforeEach
  void startAll() throws Exception {
    trio = new Trio("peer-port");
    assertThat(Trio.put(trio.node(1), "k", "before")).isInstanceOf(Outcome.Answered.class);
    until(() -> trio.nodes.values().stream().allMatch(node -> node.leader() != 0));
    term = trio.node(1).status().raft().term();
  }

  @AfterEach
  void stopAll() throws Exception {
    outside.close();
    trio.stopAll();
  }

  /** A link of somebody's, and what came back over it. */
  private final class Forged implements Link.Listener {
    private final BlockingQueue<Frame> answers = new LinkedBlockingQueue<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Link link;

    Forged(long to) throws InterruptedException {
      link = outside.connect(trio.members.get((int) to - 1).peerUrls().getFirst(), this);
      assertThat(opened.await(10, TimeUnit.SECONDS)).isTrue();
    }

    Forged send(Frame... frames) {
      for (Frame frame : frames) {
        link.send(FrameCodec.encode(frame));
      }
      return this;
    }

    void isEnded() throws InterruptedException {
      assertThat(closed.await(10, TimeUnit.SECONDS)).as("the link ends").isTrue();
      assertThat(answers)
          .noneMatch(
              frame -> frame instanceof Frame.Welcome || frame instanceof Frame.EntriesAnswer);
    }

    @Override
    public void opened(Link link) {
      opened.countDown();
    }

    @Override
    public void received(Link link, Bytes frame) {
      try {
        answers.add(FrameCodec.decode(frame));
      } catch (WireFailure e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void closed(Link link, String reason) {
      closed.countDown();
    }
  }

  private static Frame.Hello hello(long from, long to, Frame.Purpose purpose) {
    return new Frame.Hello(Trio.CLUSTER, from, to, 0, Long.MAX_VALUE, purpose, 4711);
  }

  private static Frame heartbeat(long ofTerm) {
    return new Frame.Raft(new Message.Heartbeat(ofTerm, 1, 1));
  }

  /** An entry that puts a value, right at the beginning of the log or after its end. */
  private Frame entry(long ofTerm, long entryTerm) {
    Command put = new Command.Put(Bytes.utf8("k"), Bytes.utf8("forged"), 0, false, false, false);
    Bytes payload = EnvelopeCodec.encode(Envelope.ofServer(new Envelope.RequestId(9, 9, 9), put));
    LogPosition last = trio.node(1).status().raft().last();
    Entry entry = new Entry(last.index() + 1, entryTerm, Entry.Kind.COMMAND, payload);
    return new Frame.Raft(
        new Message.AppendEntries(ofTerm, last, List.of(entry), last.index() + 1, false));
  }

  /** All goes on in the same term, as if nobody had been there; also after a restart. */
  private void nothingHappened() throws Exception {
    for (long id = 1; id <= 3; id++) {
      assertThat(trio.node(id).status().raft().term()).isEqualTo(term);
      assertThat(Trio.get(trio.node(id), "k")).isEqualTo("before");
    }
    assertThat(Trio.put(trio.node(2), "after", "1")).isInstanceOf(Outcome.Answered.class);
  }

  @Test
  void aHeartbeatOfTheLargestTermBeforeAnyGreeting() throws Exception {
    for (long id = 1; id <= 3; id++) {
      new Forged(id).send(heartbeat(Long.MAX_VALUE)).isEnded();
    }
    nothingHappened();
  }

  @Test
  void aHeartbeatOfTheLargestTermAfterAForgedGreeting() throws Exception {
    for (long id = 1; id <= 3; id++) {
      Frame.Hello hello = hello(id % 3 + 1, id, Frame.Purpose.URGENT);
      new Forged(id).send(hello, heartbeat(Long.MAX_VALUE)).isEnded();
      new Forged(id).send(hello).isEnded();
    }
    nothingHappened();
  }

  @Test
  void aForgedEntry() throws Exception {
    for (long id = 1; id <= 3; id++) {
      Frame.Hello hello = hello(id % 3 + 1, id, Frame.Purpose.BULK);
      new Forged(id).send(entry(term, term)).isEnded();
      new Forged(id).send(hello, entry(term, term)).isEnded();
      new Forged(id).send(hello, entry(term + 1, term + 1)).isEnded();
    }
    nothingHappened();
  }

  @Test
  void anEntryOfALaterTermThanItsMessage() throws Exception {
    for (long id = 1; id <= 3; id++) {
      Frame.Hello hello = hello(id % 3 + 1, id, Frame.Purpose.BULK);
      new Forged(id).send(hello, entry(term, term + 9)).isEnded();
    }
    nothingHappened();
    trio.stop(3);
    trio.start(3);
    assertThat(Trio.get(trio.node(3), "k")).isEqualTo("before");
  }

  @Test
  void entriesAreReadByNobodyWhoIsNoMember() throws Exception {
    Frame question = new Frame.EntriesQuestion(List.of(1L, 2L, 3L));
    new Forged(1).send(question).isEnded();
    new Forged(1).send(hello(2, 1, Frame.Purpose.REPAIR), question).isEnded();
    Forged patient = new Forged(1).send(hello(2, 1, Frame.Purpose.REPAIR));
    assertThat(patient.answers.poll(10, TimeUnit.SECONDS)).isInstanceOf(Frame.Refuse.class);
    patient.send(question).isEnded();
    nothingHappened();
  }

  @Test
  void theGreetingsOfOthersAndOfNobody() throws Exception {
    for (Frame.Hello wrong :
        List.of(
            new Frame.Hello(78, 2, 1, 0, 1, Frame.Purpose.URGENT, 1),
            new Frame.Hello(Trio.CLUSTER, 1, 1, 0, 1, Frame.Purpose.URGENT, 1),
            new Frame.Hello(Trio.CLUSTER, 9, 1, 0, 1, Frame.Purpose.URGENT, 1),
            new Frame.Hello(Trio.CLUSTER, 2, 3, 0, 1, Frame.Purpose.URGENT, 1))) {
      new Forged(1).send(wrong).isEnded();
    }
    Frame.Hello second = hello(3, 1, Frame.Purpose.URGENT);
    new Forged(1).send(hello(2, 1, Frame.Purpose.URGENT), second).isEnded();
    nothingHappened();
  }

  @Test
  void aForgedGreetingShutsNoMemberOut() throws Exception {
    trio.stop(3);
    Frame.Hello forged = hello(3, 1, Frame.Purpose.URGENT);
    Forged whileItIsAway = new Forged(1).send(forged);
    new Forged(2).send(hello(3, 2, Frame.Purpose.URGENT));
    assertThat(Trio.put(trio.node(1), "k", "while away")).isInstanceOf(Outcome.Answered.class);
    trio.start(3);
    Forged whileItIsBack = new Forged(1).send(forged);

    assertThat(Trio.get(trio.node(3), "k")).isEqualTo("while away");
    whileItIsAway.isEnded();
    whileItIsBack.isEnded();
    assertThat(Trio.put(trio.node(3), "k", "back")).isInstanceOf(Outcome.Answered.class);
  }

  /** Whether its greeting is found out before its question is answered is a matter of chance. */
  @Test
  void askingAServerWhomItGreetsTellsNothing() throws Exception {
    Forged asking = new Forged(1).send(hello(2, 1, Frame.Purpose.URGENT), new Frame.Challenge(1));
    assertThat(asking.answers.poll(10, TimeUnit.SECONDS))
        .isNotNull()
        .isNotEqualTo(new Frame.Confirm(1, true));
    asking.isEnded();
  }
}
