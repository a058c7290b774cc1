package io.balsa.node.peers;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.HandNetwork.HandLink;
import io.balsa.lanes.NodeMetrics;
import io.balsa.logging.LogWatch;
import io.balsa.model.Member;
import io.balsa.raft.Entry;
import io.balsa.raft.Input;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Message;
import io.balsa.wal.Identity;
import io.balsa.wal.MemoryDisk;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a server dials, on which link it sends, and whom it refuses. */
class PeersTest {
  private static final Identity OWN = new Identity(HandPeer.CLUSTER, 1, 11, 1);
  private static final Message HEARTBEAT = new Message.Heartbeat(1, 1, 1);
  private static final Message ENTRIES =
      new Message.AppendEntries(
          1,
          new LogPosition(0, 0),
          List.of(new Entry(1, 1, Entry.Kind.NO_OP, Bytes.EMPTY)),
          0,
          false);

  private final HandHost host = new HandHost(new MemoryDisk(1));
  private final Counting metrics = new Counting();
  private final List<Input> posted = new ArrayList<>();
  private final List<Frame> received = new ArrayList<>();
  private List<Member> members = List.of(member(1, 0), member(2, 0), member(3, 0));
  private final Peers peers =
      new Peers(
          host,
          host.network(),
          host.lane("raft"),
          OWN,
          () -> members,
          metrics,
          posted::add,
          (_, frame) -> received.add(frame));
  private final HandPeer two = new HandPeer(2, host.network(), host::run);

  private static final class Counting implements NodeMetrics {
    private int sent;
    private int failed;
    private int disbelieved;
    private boolean wantsRoundTrips;
    private final List<String> seen = new ArrayList<>();

    @Override
    public boolean wantsRoundTrips() {
      return wantsRoundTrips;
    }

    @Override
    public void roundTrip(long peer, long nanos) {
      seen.add(peer + " took " + nanos / 1_000_000 + " ms");
    }

    @Override
    public void linked(long peer, boolean there) {
      seen.add(peer + (there ? " is there" : " is gone"));
    }

    @Override
    public void sent(long peer, int bytes) {
      sent++;
    }

    @Override
    public void sendFailed(long peer) {
      failed++;
    }

    @Override
    public void peerDisbelieved(long peer) {
      disbelieved++;
    }
  }

  private static Member member(long id, long disk) {
    return new Member(id, "", List.of(HandPeer.addressOf(id)), List.of(), false, disk);
  }

  private static Frame.Hello hello(long cluster, long from, long to, long disk) {
    return new Frame.Hello(cluster, from, to, disk, 1, Frame.Purpose.URGENT, 9);
  }

  private void begin() {
    peers.listen();
    peers.connect();
  }

  @Test
  void theOthersAreDialedTwiceEachAndOneselfIsNot() {
    begin();
    assertThat(host.network().dialedTo("peer-1")).isEmpty();
    assertThat(host.network().dialedTo("peer-2")).hasSize(2);
    assertThat(host.network().dialedTo("peer-3")).hasSize(2);
  }

  @Test
  void aMemberWithoutAnUrlIsNotDialed() {
    members = List.of(member(1, 0), new Member(2, "", List.of(), List.of(), false, 0));
    begin();
    assertThat(peers.send(2, HEARTBEAT)).isFalse();
    assertThat(metrics.failed).as("no link that could fail").isZero();
  }

  @Test
  void entriesDoNotStandBeforeAHeartbeat() {
    begin();
    two.answerDials();
    two.dialed().forEach(HandPeer::framesOf);
    assertThat(peers.send(2, ENTRIES)).isTrue();
    assertThat(peers.send(2, HEARTBEAT)).isTrue();
    peers.send(2, new Frame.StateHash(1, 2));
    List<List<Frame>> sent = two.dialed().stream().map(HandPeer::framesOf).toList();
    assertThat(sent)
        .containsExactlyInAnyOrder(
            List.of(new Frame.Raft(HEARTBEAT), new Frame.StateHash(1, 2)),
            List.of(new Frame.Raft(ENTRIES)));
    assertThat(metrics.sent).isEqualTo(2);
  }

  @Test
  void whatIsDroppedIsSaidAndCounted() {
    begin();
    assertThat(peers.send(2, HEARTBEAT)).as("not connected").isFalse();
    two.answerDials();
    two.dialed().forEach(HandLink::fill);
    assertThat(peers.send(2, HEARTBEAT)).as("full").isFalse();
    assertThat(peers.send(9, HEARTBEAT)).as("no member").isFalse();
    assertThat(metrics.failed).isEqualTo(2);
  }

  @Test
  void raftHearsOfLinksThatComeAndGo() {
    begin();
    two.answerDials();
    assertThat(posted).containsExactly(new Input.Connected(2), new Input.Connected(2));
    posted.clear();
    two.dialed().getFirst().lose("broken");
    two.dialed().getFirst().lose("broken again");
    host.run();
    assertThat(posted).containsExactly(new Input.Suspect(2));
  }

  @Test
  void theRoundTripToAPeerIsMeasured() {
    metrics.wantsRoundTrips = true;
    begin();
    two.answerDials();
    two.dialed().forEach(HandPeer::framesOf);
    host.pass(50);
    metrics.seen.clear();
    host.clock().pass(7_000_000);
    confirmChallenges();
    assertThat(metrics.seen).containsExactly("2 took 7 ms");
    host.pass(300);
    confirmChallenges();
    confirmChallenges();
    assertThat(metrics.seen).hasSize(2);
  }

  private void confirmChallenges() {
    for (HandLink link : two.dialed()) {
      for (Frame frame : HandPeer.framesOf(link)) {
        if (frame instanceof Frame.Challenge(long nonce)) {
          link.receive(FrameCodec.encode(new Frame.Confirm(nonce, false)));
        }
      }
    }
    host.run();
  }

  @Test
  void nothingIsMeasuredForNobody() {
    begin();
    two.answerDials();
    two.dialed().forEach(HandPeer::framesOf);
    host.pass(400);
    assertThat(two.dialed()).allSatisfy(link -> assertThat(HandPeer.framesOf(link)).isEmpty());
  }

  @Test
  void theUrgentLinkSaysWhetherAPeerIsThere() {
    begin();
    two.answerDials();
    assertThat(metrics.seen).endsWith("2 is there");
    two.connect();
    two.inbound().lose("broken");
    host.run();
    assertThat(metrics.seen).as("its own link says nothing").endsWith("2 is there");
    two.dialed().forEach(link -> link.lose("broken"));
    host.run();
    assertThat(metrics.seen).endsWith("2 is gone");
  }

  @Test
  void theEndOfAMembersOwnLinkMakesItSuspect() {
    begin();
    two.connect();
    posted.clear();
    two.inbound().lose("broken");
    host.run();
    assertThat(posted).containsExactly(new Input.Suspect(2));
  }

  @Test
  void whoDoesNotBelongHereIsRefused() {
    assertThat(peers.wrong(hello(78, 2, 1, 0))).contains("cluster 4e is not 4d");
    assertThat(peers.wrong(hello(77, 2, 3, 0))).contains("this is member 1, not 3");
    assertThat(peers.wrong(hello(77, 9, 1, 0))).contains("member 9 is not another one");
    assertThat(peers.wrong(hello(77, 1, 1, 0))).contains("member 1 is not another one");
    assertThat(peers.wrong(hello(77, 2, 1, 5))).isNull();
    members = List.of(member(1, 0), member(2, 12));
    assertThat(peers.wrong(hello(77, 2, 1, 5))).contains("another data directory");
    assertThat(peers.wrong(hello(77, 2, 1, 12))).isNull();
  }

  @Test
  void aMemberWhoseDiskIsAnotherByNowLosesItsLinks() {
    begin();
    two.connect();
    members = List.of(member(1, 0), member(2, 12));
    peers.membersChanged();
    host.run();
    assertThat(two.inbound().isClosed()).isFalse();
    members = List.of(member(1, 0), member(2, 99));
    peers.membersChanged();
    host.run();
    assertThat(two.inbound().isClosed()).isTrue();
    assertThat(two.dialed()).allMatch(HandLink::isClosed);
  }

  @Test
  void aMemberThatBreaksTheRulesIsToldWhyAndCounted() {
    begin();
    two.connect();
    two.inbound().takeSent();
    peers.disbelieved(2, "a term too far from ours");
    peers.disbelieved(2, "a term too far from ours");
    host.run();
    assertThat(HandPeer.framesOf(two.inbound()))
        .containsExactly(new Frame.Refuse("a term too far from ours"));
    assertThat(metrics.disbelieved).isEqualTo(2);
  }

  @Test
  void aMemberThatHasLostAnEntryIsNamed() {
    members = List.of(member(1, 0), new Member(0xb2, "bruno", List.of(), List.of(), false, 0));
    try (LogWatch log = new LogWatch("io.balsa.node")) {
      peers.entryLost(0xb2, 17);
      assertThat(log.with("has lost an entry"))
          .singleElement(as(STRING))
          .startsWith("WARNING a member has lost an entry that it had acknowledged")
          .endsWith(" member=bruno member-id=b2 index=17");
    }
  }

  @Test
  void aMemberThatComesIsDialedAtOnce() {
    begin();
    host.network().dialedTo("peer-2").forEach(link -> link.lose("refused"));
    host.run();
    peers.entered(hello(77, 2, 1, 0));
    assertThat(host.network().dialedTo("peer-2")).hasSize(4);
  }

  @Test
  void afterTheEndNothingIsSentDialedOrLetIn() {
    begin();
    two.connect();
    int dials = host.network().dialedTo("peer-2").size();
    peers.close();
    assertThat(peers.send(2, HEARTBEAT)).isFalse();
    HandLink late = host.network().accept();
    late.receive(FrameCodec.encode(hello(77, 3, 1, 0)));
    host.pass(500);
    assertThat(late.isClosed()).isTrue();
    assertThat(HandPeer.framesOf(late)).containsExactly(new Frame.Refuse("the server is stopping"));
    assertThat(host.network().dialedTo("peer-2")).hasSize(dials);
    assertThat(host.network().isClosed()).isTrue();
  }
}
