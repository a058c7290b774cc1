package io.balsa.node.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.host.Link;
import io.balsa.lanes.HandLane;
import io.balsa.lanes.HandNetwork.HandLink;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.PlainLane;
import io.balsa.lanes.StillClock;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Message;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is let in, who takes whose place, and which frames end a link. */
class PeerDoorTest {
  private static final Frame.Welcome WELCOME = RememberingServer.WELCOME;
  private static final Message HEARTBEAT = new Message.Heartbeat(1, 1, 1);

  private final RememberingServer server = new RememberingServer();
  private final Refused refused = new Refused();
  private final PeerDoor door =
      new PeerDoor(new PlainLane(), server, server::received, refused, new Refusals(refused));

  /** Counts what is refused. */
  private static final class Refused implements NodeMetrics {
    private int refusals;
    private final List<Long> disbelieved = new ArrayList<>();

    @Override
    public void peerRefused() {
      refusals++;
    }

    @Override
    public void peerDisbelieved(long peer) {
      disbelieved.add(peer);
    }
  }

  /** A link that somebody opened to the door. */
  private final class Visit implements Link {
    private final List<Frame> answers = new ArrayList<>();
    private boolean known;
    private boolean closed;
    private @Nullable String unproved;

    @Override
    public @Nullable String unproved(List<String> hosts) {
      return unproved == null ? null : unproved + hosts;
    }

    Visit() {
      door.opened(this);
    }

    Visit says(Frame... frames) {
      for (Frame frame : frames) {
        door.received(this, FrameCodec.encode(frame));
      }
      return this;
    }

    @Override
    public boolean send(Bytes frame) {
      try {
        return answers.add(FrameCodec.decode(frame));
      } catch (WireFailure e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        door.closed(this, "closed");
      }
    }

    @Override
    public void known() {
      known = true;
    }
  }

  private static Frame.Hello hello(long from, Frame.Purpose purpose, long boot, long nonce) {
    return new Frame.Hello(7, from, 1, 20, boot, purpose, nonce);
  }

  private static Frame.Hello urgent(long nonce) {
    return hello(2, Frame.Purpose.URGENT, 1, nonce);
  }

  private Visit accepted(Frame.Hello hello) {
    Visit visit = new Visit().says(hello);
    door.confirmed(new GreetingClaim(hello.from(), hello.nonce()), true);
    assertThat(visit.answers).containsExactly(WELCOME);
    server.forget();
    return visit;
  }

  @Test
  void aGreetingIsBelievedOnceItsMemberConfirmsIt() {
    Visit visit = new Visit().says(urgent(3));
    assertThat(server.told()).containsExactly("challenge 2 3");
    assertThat(visit.answers).isEmpty();
    assertThat(visit.known).isFalse();

    door.confirmed(new GreetingClaim(3, 3), true);
    door.confirmed(new GreetingClaim(2, 4), true);
    assertThat(visit.answers).isEmpty();

    door.confirmed(new GreetingClaim(2, 3), true);
    assertThat(visit.answers).containsExactly(WELCOME);
    assertThat(visit.known).isTrue();
    visit.says(new Frame.Raft(HEARTBEAT));
    assertThat(server.told()).containsExactly("challenge 2 3", "entered 2", "message of 2");
  }

  @Test
  void whoeverTheMemberDisownsIsRefused() {
    Visit visit = new Visit().says(urgent(3));
    door.confirmed(new GreetingClaim(2, 3), false);
    assertThat(visit.answers).singleElement().isInstanceOf(Frame.Refuse.class);
    assertThat(visit.closed).isTrue();
    assertThat(visit.known).isFalse();
    assertThat(refused.refusals).isEqualTo(1);
    door.confirmed(new GreetingClaim(2, 3), true);
    assertThat(server.told()).containsExactly("challenge 2 3");
  }

  /** TLS proves another host than that of the member: nobody needs to be asked. */
  @Test
  void whoseCertificateNamesAnotherHostIsNotLetIn() {
    Visit visit = new Visit();
    visit.unproved = "the certificate does not name one of ";
    visit.says(urgent(3));
    door.confirmed(new GreetingClaim(2, 3), true);

    assertThat(visit.known).isFalse();
    assertThat(visit.answers).isEmpty();
    assertThat(server.told()).isEmpty();
  }

  @Test
  void whoWaitsIsChallengedAgainOnceTheMemberCanBeAsked() {
    new Visit().says(urgent(3));
    new Visit().says(hello(4, Frame.Purpose.URGENT, 1, 6));
    server.forget();
    door.canChallenge(2);
    assertThat(server.told()).containsExactly("challenge 2 3");
  }

  @Test
  void aForgedGreetingDoesNotTakeTheMembersPlace() {
    Visit member = accepted(urgent(3));
    Visit forged = new Visit().says(hello(2, Frame.Purpose.URGENT, 99, 8));
    door.confirmed(new GreetingClaim(2, 8), false);
    assertThat(forged.closed).isTrue();
    assertThat(member.closed).isFalse();
    member.says(new Frame.Raft(HEARTBEAT));
    assertThat(server.told()).containsExactly("challenge 2 8", "message of 2");
    accepted(hello(2, Frame.Purpose.URGENT, 2, 9)); // a forged boot of 99 was never believed
  }

  @Test
  void aMemberThatComesAnewTakesItsFormerPlaceWithoutSuspicion() {
    Visit former = accepted(urgent(3));
    Visit bulk = accepted(hello(2, Frame.Purpose.BULK, 1, 4));
    accepted(urgent(5));
    assertThat(former.closed).isTrue();
    assertThat(bulk.closed).isFalse();
    assertThat(server.told()).isEmpty();
  }

  @Test
  void theEndOfAMembersUrgentLinkIsToldAndThatOfAStrangersIsNot() {
    Visit member = accepted(urgent(3));
    new Visit().says(urgent(8)).close();
    accepted(hello(2, Frame.Purpose.BULK, 1, 4)).close();
    assertThat(server.told()).isEmpty();
    member.close();
    assertThat(server.told()).containsExactly("left 2");
  }

  @Test
  void whoHasBeenStartedAgainSinceIsLetInNoMore() {
    accepted(hello(2, Frame.Purpose.URGENT, 2, 3));
    Visit late = new Visit().says(hello(2, Frame.Purpose.URGENT, 1, 4));
    assertThat(server.told()).isEmpty();
    door.confirmed(new GreetingClaim(2, 4), true);
    assertThat(late.answers).isEmpty();
  }

  @Test
  void framesThatDoNotBelongThereEndTheLink() {
    for (Frame frame :
        List.of(
            new Frame.Raft(HEARTBEAT),
            new Frame.StateHash(1, 2),
            new Frame.LeaseQuestion(1, 2, true),
            new Frame.EntriesQuestion(List.of(1L)),
            new Frame.EntriesAnswer(1, List.of()),
            WELCOME,
            new Frame.Refuse("no"),
            new Frame.Confirm(3, true))) {
      assertThat(new Visit().says(frame).closed).as("first: %s", frame).isTrue();
      assertThat(new Visit().says(urgent(3), frame).closed).as("greeted: %s", frame).isTrue();
    }
    assertThat(new Visit().says(new Frame.Challenge(1)).closed).isTrue();
    assertThat(new Visit().says(urgent(3), urgent(4)).closed).isTrue();
    assertThat(new Visit().says(hello(0, Frame.Purpose.URGENT, 1, 1)).closed).isTrue();
    assertThat(server.told()).allMatch(told -> told.startsWith("challenge"));
    assertThat(refused.disbelieved).isEmpty();
  }

  @Test
  void aMemberThatSendsWhatDoesNotBelongThereIsRefused() {
    for (Frame frame : List.of(WELCOME, new Frame.EntriesQuestion(List.of(1L)), urgent(9))) {
      Visit visit = accepted(urgent(3)).says(frame);
      assertThat(visit.closed).as("%s", frame).isTrue();
      assertThat(visit.answers.getLast()).isInstanceOf(Frame.Refuse.class);
    }
    assertThat(refused.disbelieved).containsExactly(2L, 2L, 2L);
  }

  @Test
  void aLinkForRepairCarriesQuestionsAndNothingElse() {
    Frame.Hello hello = hello(2, Frame.Purpose.REPAIR, 1, 3);
    Visit visit = accepted(hello).says(new Frame.EntriesQuestion(List.of(1L, 2L)));
    assertThat(server.told()).containsExactly("asked by 2");
    assertThat(visit.says(new Frame.Raft(HEARTBEAT)).closed).isTrue();
    assertThat(server.told()).containsExactly("asked by 2");
  }

  @Test
  void aDoubledGreetingSaysNothingNew() {
    Visit visit = new Visit().says(urgent(3), urgent(3));
    assertThat(visit.closed).isFalse();
    assertThat(server.told()).containsExactly("challenge 2 3");
  }

  @Test
  void aStrangersLargeFrameIsNotEvenRead() {
    Visit visit = new Visit();
    door.received(visit, Bytes.wrap(new byte[257]));
    assertThat(visit.closed).isTrue();
  }

  @Test
  void aChallengeIsAnsweredToWhoGreetedAndSaysOnlyWhatIsTrue() {
    Visit visit = new Visit().says(urgent(3), new Frame.Challenge(5), new Frame.Challenge(6));
    assertThat(visit.answers)
        .containsExactly(new Frame.Confirm(5, true), new Frame.Confirm(6, false));
    assertThat(visit.closed).isFalse();
  }

  @Test
  void whatCannotBeReadIsRefusedBeforeItIsInALog() {
    Bytes garbage = Bytes.utf8("no command");
    Entry entry = new Entry(2, 1, Entry.Kind.COMMAND, garbage);
    Message append = new Message.AppendEntries(1, new LogPosition(1, 1), List.of(entry), 1, false);
    Visit first = accepted(urgent(3)).says(new Frame.Raft(append));
    assertThat(first.closed).isTrue();
    Message forward = new Message.ForwardProposals(1, 1, List.of(garbage));
    Visit second = accepted(urgent(4)).says(new Frame.Raft(forward));
    assertThat(second.closed).isTrue();
    assertThat(server.told()).noneMatch(told -> told.startsWith("message"));
    assertThat(refused.disbelieved).containsExactly(2L, 2L);
  }

  @Test
  void whatCanBeReadGoesOn() {
    Command put = new Command.Put(Bytes.utf8("k"), Bytes.utf8("v"), 0, false, false, false);
    Bytes command = EnvelopeCodec.encode(Envelope.ofServer(new Envelope.RequestId(1, 1, 1), put));
    Entry entry = new Entry(2, 1, Entry.Kind.COMMAND, command);
    Message append = new Message.AppendEntries(1, new LogPosition(1, 1), List.of(entry), 1, false);
    Message forward = new Message.ForwardProposals(1, 1, List.of(command));
    accepted(urgent(3)).says(new Frame.Raft(append), new Frame.Raft(forward));
    assertThat(server.told()).containsExactly("message of 2", "message of 2");
  }

  @Test
  void aMemberThatIsDismissedLosesItsLinksAndIsToldWhy() {
    Visit visit = accepted(urgent(3));
    Visit other = accepted(hello(3, Frame.Purpose.URGENT, 1, 4));
    door.dismiss(2, "a term too far from ours");
    assertThat(visit.answers.getLast()).isEqualTo(new Frame.Refuse("a term too far from ours"));
    assertThat(visit.closed).isTrue();
    assertThat(other.closed).isFalse();
  }

  @Test
  void whoIsWrongByNowIsClosed() {
    Visit visit = accepted(urgent(3));
    server.refuse("another disk");
    door.checkAgain();
    assertThat(visit.closed).isTrue();
  }

  /** The same door on a lane that the test steps. */
  private final class Later {
    private final HandLane lane = new HandLane(new StillClock());
    private final PeerDoor door =
        new PeerDoor(lane, server, server::received, refused, new Refusals(refused));
    private final HandLink link = new HandLink("", door);

    HandLink greets(long nonce) {
      return link.open().receive(FrameCodec.encode(urgent(nonce)));
    }
  }

  @Test
  void aLinkThatEndsBeforeItsGreetingIsSeenIsNotLetIn() {
    Later later = new Later();
    later.greets(3);
    later.link.lose("broken");
    later.lane.drain();
    later.door.confirmed(new GreetingClaim(2, 3), true);
    assertThat(server.told()).doesNotContain("entered 2", "left 2");
    assertThat(later.link.isKnown()).isFalse();
  }

  @Test
  void aConfirmationThatComesBeforeTheGreetingIsSeenSaysNothing() {
    Later later = new Later();
    later.greets(3);
    later.door.confirmed(new GreetingClaim(2, 3), true);
    later.lane.drain();
    assertThat(server.told()).containsExactly("challenge 2 3");
    later.door.confirmed(new GreetingClaim(2, 3), true);
    later.door.confirmed(new GreetingClaim(2, 3), true);
    assertThat(server.told()).containsExactly("challenge 2 3", "entered 2");
  }

  @Test
  void aDenialAfterTheConfirmationIsTooLate() {
    Visit visit = accepted(urgent(3));
    door.confirmed(new GreetingClaim(2, 3), false);
    assertThat(visit.closed).isFalse();
  }

  @Test
  void aDoorThatClosesRefusesWhoStillWaits() {
    Later later = new Later();
    later.greets(3);
    later.lane.drain();
    later.door.close();
    later.door.confirmed(new GreetingClaim(2, 3), true);
    assertThat(later.link.isClosed()).isTrue();
    assertThat(server.told()).doesNotContain("entered 2");
    assertThat(refused.refusals).as("its own end is no refusal").isZero();
  }

  @Test
  void aDoorThatClosesIsNotToldWhoLeaves() {
    Visit visit = accepted(urgent(3));
    door.close();
    door.empty();
    assertThat(visit.closed).isTrue();
    assertThat(server.told()).isEmpty();
  }

  @Test
  void whoIsRefusedIsToldAfterAWhile() {
    StillClock clock = new StillClock();
    HandLane lane = new HandLane(clock);
    PeerDoor slow = new PeerDoor(lane, server, server::received, refused, new Refusals(refused));
    server.refuse("no member");
    HandLink link = new HandLink("", slow).open();
    link.receive(FrameCodec.encode(urgent(3)));
    lane.drain();
    clock.pass(299_999_999);
    lane.drain();
    assertThat(link.isClosed()).isFalse();
    clock.pass(1);
    lane.drain();
    assertThat(link.isClosed()).isTrue();
    assertThat(HandPeer.framesOf(link)).containsExactly(new Frame.Refuse("no member"));
  }
}
