package io.balsa.node.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.HandLane;
import io.balsa.lanes.HandNetwork.HandLink;
import io.balsa.lanes.NodeMetrics;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.raft.Message;
import io.balsa.raft.Message.ForwardProposals;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which frames a link hands on, and when. */
class InLinkTest {
  private static final Frame.FromMember HEARTBEAT = new Frame.Raft(new Message.Heartbeat(1, 1, 1));

  private final HandLane lane = new HandLane();
  private final Counting metrics = new Counting();
  private final List<Frame.FromMember> handedOn = new ArrayList<>();
  private final PeerDoor door =
      new PeerDoor(
          lane, new Open(), (_, frame) -> handedOn.add(frame), metrics, new Refusals(metrics));
  private final HandLink link = new HandLink("", door).open();

  /** Counts what comes from member 2. */
  private static final class Counting implements NodeMetrics {
    private int messages;
    private int refused;
    private int disbelieved;

    @Override
    public void received(long peer, int bytes) {
      messages += peer == 2 ? 1 : 0;
    }

    @Override
    public void peerRefused() {
      refused++;
    }

    @Override
    public void peerDisbelieved(long peer) {
      disbelieved++;
    }
  }

  /** Lets everybody in whose greeting is confirmed. */
  private static final class Open implements PeerDoor.Needs {
    @Override
    public @Nullable String wrong(Frame.Hello hello) {
      return null;
    }

    @Override
    public List<String> peerUrls(long member) {
      return List.of("http://127.0.0.1:" + member);
    }

    @Override
    public void challenge(GreetingClaim claim) {}

    @Override
    public boolean greets(GreetingClaim claim) {
      return true;
    }

    @Override
    public Frame.Welcome welcome() {
      return new Frame.Welcome(7, 1, 10, 1);
    }

    @Override
    public void entered(Frame.Hello hello) {}

    @Override
    public void left(long member) {}
  }

  private void says(Frame... frames) {
    for (Frame frame : frames) {
      link.receive(FrameCodec.encode(frame));
    }
  }

  private void accept(Frame.Purpose purpose) {
    says(new Frame.Hello(7, 2, 1, 20, 1, purpose, 5));
    lane.drain();
    door.confirmed(new GreetingClaim(2, 5), true);
    link.takeSent();
  }

  private static Frame.FromMember forward(long batch) {
    var put = new Command.Put(Bytes.utf8("k"), Bytes.utf8("v"), 0, false, false, false);
    Bytes command =
        EnvelopeCodec.encode(Envelope.ofServer(new Envelope.RequestId(2, 1, batch), put));
    return new Frame.Raft(new ForwardProposals(1, batch, List.of(command)));
  }

  @Test
  void aFrameIsHandedOnByTheThreadThatBringsIt() {
    accept(Frame.Purpose.URGENT);
    lane.drain();
    says(HEARTBEAT, new Frame.StateHash(1, 2), new Frame.LeaseQuestion(1, 2, true));
    assertThat(handedOn).hasSize(3);
    assertThat(lane.waiting()).isZero();
    assertThat(metrics.messages).as("Raft's alone").isEqualTo(1);
  }

  @Test
  void aFrameThatOvertakesTheWelcomeEndsTheLink() {
    says(new Frame.Hello(7, 2, 1, 20, 1, Frame.Purpose.URGENT, 5));
    lane.drain();
    says(HEARTBEAT);
    assertThat(link.isClosed()).isTrue();
    lane.drain();
    door.confirmed(new GreetingClaim(2, 5), true);
    assertThat(handedOn).isEmpty();
    assertThat(link.isKnown()).isFalse();
  }

  @Test
  void aBatchThatComesTwiceOrLateIsHandedOnOnce() {
    accept(Frame.Purpose.BULK);
    says(forward(1), forward(1), forward(3), forward(2), forward(3), forward(4));
    assertThat(handedOn).containsExactly(forward(1), forward(3), forward(4));
    assertThat(metrics.messages).isEqualTo(3);
    assertThat(link.isClosed()).isFalse();
  }

  @Test
  void otherMessagesThatComeTwiceAreHandedOnTwice() {
    accept(Frame.Purpose.URGENT);
    says(HEARTBEAT, HEARTBEAT);
    assertThat(handedOn).containsExactly(HEARTBEAT, HEARTBEAT);
  }

  @Test
  void aLinkCarriesWhatItsPurposeSays() {
    accept(Frame.Purpose.REPAIR);
    says(new Frame.EntriesQuestion(List.of(1L)));
    assertThat(handedOn).hasSize(1);
    says(HEARTBEAT);
    assertThat(handedOn).hasSize(1);
    assertThat(link.isClosed()).isTrue();
    assertThat(metrics.disbelieved).isEqualTo(1);
  }

  @Test
  void onlyARepairAsksForEntries() {
    accept(Frame.Purpose.URGENT);
    says(new Frame.EntriesQuestion(List.of(1L)));
    assertThat(handedOn).isEmpty();
    assertThat(link.isClosed()).isTrue();
  }

  @Test
  void aFrameIsSmallBeforeTheLinkIsAcceptedAndMayBeLargeAfter() {
    Bytes value = Bytes.wrap(new byte[300]);
    var put = new Command.Put(Bytes.utf8("k"), value, 0, false, false, false);
    Bytes command = EnvelopeCodec.encode(Envelope.ofServer(new Envelope.RequestId(2, 1, 1), put));
    Frame.FromMember large = new Frame.Raft(new ForwardProposals(1, 1, List.of(command)));
    accept(Frame.Purpose.BULK);
    says(large);
    assertThat(handedOn).containsExactly(large);
    HandLink stranger = new HandLink("", door).open();
    stranger.receive(FrameCodec.encode(large));
    assertThat(stranger.isClosed()).isTrue();
    assertThat(metrics.disbelieved).as("a stranger is not the member").isZero();
    assertThat(metrics.refused).isEqualTo(1);
  }

  @Test
  void aFrameThatComesAfterTheEndIsDropped() {
    accept(Frame.Purpose.URGENT);
    link.close();
    says(HEARTBEAT);
    lane.drain();
    assertThat(handedOn).isEmpty();
    assertThat(metrics.refused).isZero();
  }
}
