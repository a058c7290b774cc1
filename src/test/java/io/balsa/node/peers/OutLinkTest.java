package io.balsa.node.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.HandLane;
import io.balsa.lanes.HandNetwork.HandLink;
import io.balsa.wal.Identity;
import io.balsa.wal.MemoryDisk;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A link is dialed again after a wait, and what an earlier dial still brings is dropped. */
class OutLinkTest {
  private static final long MS = 1_000_000;
  private static final Bytes WELCOME = FrameCodec.encode(new Frame.Welcome(7, 2, 20, 1));
  private static final Bytes FRAME = FrameCodec.encode(new Frame.StateHash(1, 2));
  private static final Identity OWN = new Identity(7, 1, 10, 1);

  private final HandHost host = new HandHost(new MemoryDisk(1));
  private final HandLane lane = host.lane("raft");
  private final Owner owner = new Owner();
  private final OutLink link =
      new OutLink(
          host.network(),
          lane,
          "two",
          nonce -> Greetings.hello(OWN, 2, Frame.Purpose.URGENT, nonce),
          host.dice(),
          owner);

  /** Remembers what it was told. */
  private static final class Owner implements OutLink.Owner {
    private final List<String> told = new ArrayList<>();
    private @Nullable String wrong;

    @Override
    public void greeted() {
      told.add("greeted");
    }

    @Override
    public void confirmed(long nonce, boolean own) {
      told.add("confirmed " + nonce + " " + own);
    }

    @Override
    public @Nullable String check(Frame.Welcome welcome) {
      return wrong;
    }

    @Override
    public void ready() {
      told.add("ready");
    }

    @Override
    public void lost() {
      told.add("lost");
    }

    @Override
    public void trouble(Level level, String reason) {
      told.add("trouble " + reason);
    }

    @Override
    public void answered(Frame.EntriesAnswer answer) {
      told.add("answered " + answer.considered());
    }

    List<String> takeTold() {
      List<String> taken = List.copyOf(told);
      told.clear();
      return taken;
    }
  }

  private int dials() {
    return host.network().dialedTo("two").size();
  }

  private HandLink newest() {
    return host.network().dialedTo("two").getLast();
  }

  private void pass(long nanos) {
    host.clock().pass(nanos);
    lane.drain();
  }

  private HandLink ready() {
    link.dialNow();
    HandLink dialed = newest();
    dialed.open().receive(WELCOME);
    lane.drain();
    assertThat(owner.takeTold()).containsExactly("greeted", "ready");
    HandPeer.framesOf(dialed);
    return dialed;
  }

  private long nonceOf(HandLink dialed) {
    Frame.Hello hello = (Frame.Hello) HandPeer.framesOf(dialed).getFirst();
    return hello.nonce();
  }

  @Test
  void nothingIsSentBeforeTheWelcome() {
    assertThat(link.send(FRAME)).isFalse();
    link.dialNow();
    link.dialNow();
    assertThat(dials()).isEqualTo(1);
    newest().open();
    lane.drain();
    assertThat(link.send(FRAME)).isFalse();
    assertThat(HandPeer.framesOf(newest())).singleElement().isInstanceOf(Frame.Hello.class);
    newest().receive(WELCOME);
    assertThat(link.send(FRAME)).as("the lane has not seen the welcome").isFalse();
    lane.drain();
    assertThat(link.send(FRAME)).isTrue();
  }

  @Test
  void aFullLinkDropsAFrame() {
    ready().fill();
    assertThat(link.send(FRAME)).isFalse();
  }

  @Test
  void theWaitGrowsToASecondAndStartsAnewOnceTheLinkWasReady() {
    link.dialNow();
    long[] waits = {10, 20, 40, 80, 160, 320, 640, 1_000, 1_000};
    for (long wait : waits) {
      int before = dials();
      newest().lose("refused");
      lane.drain();
      pass((wait - 1) * MS);
      assertThat(dials()).as("before %s ms", wait).isEqualTo(before);
      pass(MS);
      assertThat(dials()).as("after %s ms", wait).isEqualTo(before + 1);
    }
    newest().open().receive(WELCOME);
    lane.drain();
    int before = dials();
    newest().lose("broken");
    lane.drain();
    pass(10 * MS);
    assertThat(dials()).isEqualTo(before + 1);
  }

  @Test
  void aLossIsToldOnceAndAfterItsReason() {
    HandLink dialed = ready();
    dialed.lose("broken");
    dialed.lose("broken again");
    lane.drain();
    assertThat(owner.takeTold()).containsExactly("trouble broken", "lost");
    assertThat(link.send(FRAME)).isFalse();
    pass(10 * MS);
    pass(900 * MS);
    assertThat(dials()).as("one dial for both").isEqualTo(2);
  }

  @Test
  void aDialThatIsNotAnsweredIsGivenUpAndTheNextIsGivenLonger() {
    link.dialNow();
    HandLink first = newest();
    first.open();
    pass(500 * MS);
    pass(499 * MS);
    assertThat(first.isClosed()).isFalse();
    pass(MS);
    assertThat(first.isClosed()).isTrue();
    assertThat(owner.takeTold()).containsExactly("greeted", "trouble no answer to the greeting");
    pass(10 * MS);
    HandLink second = newest();
    pass(1_000 * MS);
    pass(999 * MS);
    assertThat(second.isClosed()).isFalse();
    pass(MS);
    assertThat(second.isClosed()).isTrue();
  }

  @Test
  void anAnswerThatCameWhileThisServerStoodStillIsTaken() {
    link.dialNow();
    HandLink first = newest();
    first.open();
    pass(1_500 * MS);
    first.receive(WELCOME);
    lane.drain();
    assertThat(link.send(FRAME)).isTrue();
    pass(500 * MS);
    assertThat(first.isClosed()).isFalse();
  }

  @Test
  void whatALateLinkBringsIsDropped() {
    link.dialNow();
    HandLink old = newest();
    pass(500 * MS);
    pass(500 * MS);
    pass(10 * MS);
    assertThat(dials()).isEqualTo(2);
    owner.takeTold();
    old.open().receive(WELCOME);
    old.receive(FrameCodec.encode(new Frame.Confirm(1, true)));
    old.lose("late");
    lane.drain();
    assertThat(owner.takeTold()).isEmpty();
    assertThat(link.send(FRAME)).isFalse();
    pass(900 * MS);
    assertThat(dials()).isEqualTo(2);
  }

  @Test
  void whoeverIsNotThePeerIsDialedAgainAfterTwoSeconds() {
    owner.wrong = "not member 2";
    link.dialNow();
    newest().open().receive(WELCOME);
    lane.drain();
    assertThat(newest().isClosed()).isTrue();
    assertThat(owner.takeTold()).containsExactly("greeted", "trouble not member 2");
    pass(1_999 * MS);
    assertThat(dials()).isEqualTo(1);
    pass(MS);
    assertThat(dials()).isEqualTo(2);
  }

  @Test
  void aHastenedDialThatFailsDoesNotShortenTheWait() {
    owner.wrong = "not member 2";
    link.dialNow();
    newest().open().receive(WELCOME);
    lane.drain();
    link.hasten();
    newest().lose("refused");
    lane.drain();
    assertThat(dials()).isEqualTo(2);
    pass(1_999 * MS);
    assertThat(dials()).isEqualTo(2);
    pass(MS);
    assertThat(dials()).isEqualTo(3);
  }

  @Test
  void aRefusalEndsALinkThatWasReady() {
    HandLink dialed = ready();
    dialed.receive(FrameCodec.encode(new Frame.Refuse("stopping\n" + "x".repeat(500))));
    lane.drain();
    List<String> told = owner.takeTold();
    assertThat(told).hasSize(2).endsWith("lost");
    assertThat(told.getFirst()).startsWith("trouble refused: stopping?x").hasSizeLessThan(230);
  }

  @Test
  void whatIsNoFrameEndsTheLink() {
    HandLink dialed = ready();
    dialed.receive(Bytes.utf8("GET / HTTP/1.1"));
    lane.drain();
    assertThat(dialed.isClosed()).isTrue();
    assertThat(owner.takeTold().getFirst()).startsWith("trouble not a Balsa peer");
  }

  @Test
  void framesOutOfOrderChangeNothing() {
    link.dialNow();
    newest().open();
    newest().receive(FrameCodec.encode(new Frame.EntriesAnswer(5, List.of())));
    newest().receive(FrameCodec.encode(new Frame.Confirm(3, false)));
    lane.drain();
    assertThat(owner.takeTold()).containsExactly("greeted", "confirmed 3 false");
    newest().receive(WELCOME).receive(WELCOME).receive(FRAME);
    newest().receive(FrameCodec.encode(new Frame.EntriesAnswer(6, List.of())));
    lane.drain();
    assertThat(owner.takeTold()).containsExactly("ready", "answered 6");
  }

  @Test
  void aChallengeIsSentOnceTheGreetingHasLeft() {
    link.challenge(5);
    link.dialNow();
    link.challenge(5);
    newest().open();
    link.challenge(5);
    lane.drain();
    assertThat(HandPeer.framesOf(newest())).hasSize(1);
    link.challenge(5);
    assertThat(HandPeer.framesOf(newest())).containsExactly(new Frame.Challenge(5));
  }

  @Test
  void onlyTheNonceOfTheDialUnderWayIsOwn() {
    link.dialNow();
    newest().open();
    long first = nonceOf(newest());
    assertThat(link.greetsWith(first)).isTrue();
    assertThat(link.greetsWith(first + 1)).isFalse();
    newest().lose("broken");
    lane.drain();
    assertThat(link.greetsWith(first)).isFalse();
    pass(10 * MS);
    assertThat(link.greetsWith(first)).isFalse();
    newest().open();
    assertThat(link.greetsWith(nonceOf(newest()))).isTrue();
  }

  @Test
  void strangersHastenADialOnceInFiftyMilliseconds() {
    link.dialNow();
    for (int i = 0; i < 8; i++) {
      newest().lose("refused");
      lane.drain();
      pass(1_000 * MS);
    }
    int before = dials();
    newest().lose("refused");
    lane.drain();
    link.hasten();
    newest().lose("refused");
    lane.drain();
    link.hasten();
    assertThat(dials()).isEqualTo(before + 1);
    pass(50 * MS);
    link.hasten();
    assertThat(dials()).isEqualTo(before + 2);
  }

  @Test
  void whatIsHungUpIsDialedAgain() {
    HandLink dialed = ready();
    link.hangUp();
    lane.drain();
    assertThat(dialed.isClosed()).isTrue();
    assertThat(owner.takeTold()).containsExactly("trouble closed", "lost");
    pass(10 * MS);
    assertThat(dials()).isEqualTo(2);
  }

  @Test
  void afterTheEndNothingIsDialedAndNobodyIsTold() {
    HandLink dialed = ready();
    link.close();
    link.close();
    dialed.receive(WELCOME);
    dialed.lose("late");
    lane.drain();
    link.dialNow();
    link.hasten();
    link.hangUp();
    pass(5_000 * MS);
    assertThat(dials()).isEqualTo(1);
    assertThat(owner.takeTold()).isEmpty();
    assertThat(link.send(FRAME)).isFalse();
    assertThat(dialed.isClosed()).isTrue();
  }
}
