package io.balsa.node.reads;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.CountingRoom;
import io.balsa.lanes.HandLane;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Linearizable reads until they have their index, and the lane that serves each kind. */
class ReadsAwaitingIndexTest extends ReadLaneFixture {
  private final HandLane points = new HandLane();
  private final HandLane scans = new HandLane();
  private final HandLane weighings = new HandLane();
  private final List<Runnable> answers = new ArrayList<>();
  private final ReadsAwaitingIndex waiting =
      new ReadsAwaitingIndex(on(points), on(scans), on(weighings), answers::add);

  private ReadLane on(HandLane its) {
    return new ReadLane(its, clock, () -> state, () -> applied);
  }

  private Read read(String name, Read.Kind kind, AnswerRoom room) {
    return new Asked(kind, name, keys(1, 2), room, DEADLINE);
  }

  private void add(String name) {
    waiting.add(read(name, Read.Kind.POINT, AnswerRoom.UNBOUNDED));
  }

  private long ask() {
    return Objects.requireNonNull(waiting.nextRequest()).id();
  }

  /** Runs what clients are told elsewhere. */
  private List<String> told() {
    answers.forEach(Runnable::run);
    answers.clear();
    return told;
  }

  @Test
  void allThatHaveArrivedShareOneRequest() {
    assertThat(waiting.nextRequest()).isNull();
    add("one");
    add("other");
    long id = ask();
    assertThat(waiting.nextRequest()).isNull();

    waiting.ready(id, 1);
    points.drain();
    assertThat(told()).containsExactly("one 1", "other 1");
  }

  /** Its request was made before the read came: the index may be too old for it. */
  @Test
  void kb35AReadNeverGetsTheIndexOfAnEarlierRequest() {
    add("first");
    long first = ask();
    add("second");
    waiting.ready(first, 1);
    points.drain();
    assertThat(told()).containsExactly("first 1");

    waiting.ready(ask(), 1);
    points.drain();
    assertThat(told()).containsExactly("first 1", "second 1");
  }

  @Test
  void anAnswerThatComesTwiceOrToNoRequestServesNobody() {
    add("one");
    long id = ask();
    waiting.ready(id + 1, 1);
    points.drain();
    assertThat(told()).isEmpty();

    waiting.ready(id, 1);
    waiting.ready(id, 1);
    waiting.failed(id);
    waiting.askAgain();
    points.drain();
    assertThat(told()).containsExactly("one 1");
    assertThat(waiting.nextRequest()).isNull();
  }

  @Test
  void eachKindHasALaneOfItsOwn() {
    for (Read.Kind kind : Read.Kind.values()) {
      waiting.serveLocally(read(kind.name(), kind, AnswerRoom.UNBOUNDED));
    }
    points.drain();
    assertThat(told()).containsExactly("POINT 1");
    scans.drain();
    assertThat(told()).containsExactly("POINT 1", "SCAN 1");
    weighings.drain();
    assertThat(told()).containsExactly("POINT 1", "SCAN 1", "WEIGHING 1");
  }

  @Test
  void aReadIsServedOnItsLaneOnceItsIndexIsApplied() {
    waiting.add(read("scan", Read.Kind.SCAN, AnswerRoom.UNBOUNDED));
    waiting.ready(ask(), 5);
    scans.drain();
    assertThat(told()).isEmpty();

    applied = 5;
    waiting.wakeLanes();
    scans.drain();
    assertThat(told()).containsExactly("scan 1");
  }

  /** To ask at once would be refused at once, again and again. */
  @Test
  void whoseRequestFailedAsksAgainOnlyWhenThereIsALeader() {
    add("one");
    waiting.failed(ask());
    assertThat(waiting.nextRequest()).isNull();

    waiting.askAgain();
    waiting.ready(ask(), 1);
    points.drain();
    assertThat(told()).containsExactly("one 1");
  }

  @Test
  void kb78AnOverdueReadIsToldWhyItWasNotServed() {
    add("leaderless");
    waiting.failed(ask());
    add("asked");
    long id = ask();
    waiting.expire(DEADLINE - 1);
    assertThat(told()).isEmpty();

    waiting.expire(DEADLINE);
    assertThat(told()).containsExactly("leaderless NO_LEADER", "asked TIMED_OUT");
    waiting.ready(id, 1);
    waiting.askAgain();
    points.drain();
    assertThat(waiting.nextRequest()).isNull();
    assertThat(told()).hasSize(2);
  }

  @Test
  void whoseClientHasLeftIsDropped() {
    CountingRoom room = new CountingRoom(1 << 20, 1 << 20);
    waiting.add(read("gone", Read.Kind.POINT, room));
    add("polite");
    long id = ask();
    room.leave();
    waiting.expire(0);
    assertThat(told()).containsExactly("gone CANCELLED");

    waiting.ready(id, 1);
    points.drain();
    assertThat(told()).containsExactly("gone CANCELLED", "polite 1");
  }

  /** The raft lane looks for what is overdue, and must not spend its time on clients. */
  @Test
  void whatIsGivenUpIsToldOnAnotherLane() {
    add("one");
    var _ = ask();
    waiting.expire(DEADLINE);

    assertThat(told).isEmpty();
    assertThat(answers).hasSize(1);
  }

  @Test
  void atTheEndAllAreFailedOnceAndSoIsWhatComesAfter() {
    add("asked");
    long id = ask();
    add("failed");
    waiting.failed(ask());
    add("arrived");
    waiting.close();
    assertThat(told())
        .containsExactlyInAnyOrder("asked STOPPED", "failed STOPPED", "arrived STOPPED");

    add("late");
    assertThat(told()).hasSize(4).endsWith("late STOPPED");
    waiting.ready(id, 1);
    points.drain();
    assertThat(waiting.nextRequest()).isNull();
    assertThat(told()).hasSize(4);
  }
}
