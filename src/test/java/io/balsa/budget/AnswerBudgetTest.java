package io.balsa.budget;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A budget of 8 MiB: 2 for small answers alone, 1 for each connection, 3 for the largest answer.
 */
class AnswerBudgetTest {
  private static final long MIB = 1 << 20;
  private static final long SMALL = Share.SMALL_BYTES;
  private static final long TINY = Share.TINY_BYTES;

  private final HandClock clock = new HandClock();
  private final AnswerBudget budget = new AnswerBudget(8 * MIB, 3 * MIB, clock);
  private final List<String> closed = new ArrayList<>();

  private Connection connection(String name) {
    Connection connection = new Connection(() -> closed.add(name));
    budget.connections().add(connection);
    return connection;
  }

  private CallShare share(Connection connection) {
    return new CallShare(budget, connection);
  }

  private CallShare share() {
    return share(connection("some"));
  }

  /** A reservation of a call, and its result. */
  private List<Boolean> take(CallShare share, long bytes) {
    List<Boolean> told = new ArrayList<>();
    share.take(bytes, told::add);
    return told;
  }

  /** Takes all room of large answers, with answers of 3 MiB on connections of their own. */
  private List<CallShare> fill() {
    List<CallShare> full = List.of(share(), share());
    full.forEach(share -> assertThat(share.tryTake(3 * MIB)).isTrue());
    return full;
  }

  @Test
  void whatIsTakenIsCountedUntilItsCallEnds() {
    CallShare share = share();
    assertThat(share.tryTake(10)).isTrue();
    assertThat(share.tryTake(SMALL)).as("it becomes a large one").isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(SMALL + 10);
    share.giveBack(20);
    assertThat(budget.bytesHeld()).isEqualTo(SMALL - 10);
    share.end();
    share.end();
    share.giveBack(5);
    assertThat(budget.bytesHeld()).isZero();
    assertThat(share.isGone()).isTrue();
    assertThat(share.tryTake(1)).isFalse();
    assertThat(take(share, 1)).containsExactly(false);
    assertThat(budget.bytesHeld()).isZero();
  }

  @Test
  void aQuarterIsKeptForSmallAnswers() {
    var _ = fill();
    assertThat(share().tryTake(SMALL + 1)).isFalse();
    for (int i = 0; i < 2 * MIB / SMALL; i++) {
      assertThat(share().tryTake(SMALL)).isTrue();
    }
    assertThat(share().tryTake(TINY + 1)).as("nothing is left").isFalse();
    assertThat(budget.bytesHeld()).isEqualTo(8 * MIB);
  }

  /** The answer to a completed put is small and must not be refused. */
  @Test
  void thereIsAlwaysRoomForATinyAnswer() {
    Connection full = connection("full");
    for (int i = 0; i < 8 * MIB / SMALL; i++) {
      var _ = share(i < MIB / SMALL ? full : connection("other")).tryTake(SMALL);
    }
    assertThat(budget.bytesHeld()).isEqualTo(8 * MIB);
    CallShare tiny = share(full);
    assertThat(tiny.hasRoom(TINY)).isTrue();
    assertThat(tiny.tryTake(TINY - 1)).isTrue();
    assertThat(tiny.tryTake(1)).isTrue();
    assertThat(tiny.hasRoom(1)).as("it is not tiny any more").isFalse();
    assertThat(tiny.tryTake(1)).isFalse();
    assertThat(budget.bytesHeld()).isEqualTo(8 * MIB + TINY);
    tiny.end();
    assertThat(tiny.hasRoom(1)).isFalse();
    assertThat(budget.bytesHeld()).isEqualTo(8 * MIB);
  }

  @Test
  void theLargestAnswerFitsIntoTheBudget() {
    assertThat(share().bytesMax()).isEqualTo(3 * MIB);
    assertThat(share().tryTake(Long.MAX_VALUE)).isFalse();
    assertThat(take(share(), 6 * MIB + 1)).as("waiting would not help").containsExactly(false);
    assertThat(new AnswerBudget(8 * MIB, 100 * MIB, clock).bytesMax())
        .as("never more than there is for large ones")
        .isEqualTo(6 * MIB);
  }

  @Test
  void aConnectionHoldsAnEighthOrOneAnswerThatIsLarger() {
    Connection one = connection("one");
    CallShare first = share(one);
    assertThat(first.tryTake(MIB / 2)).isTrue();
    assertThat(share(one).tryTake(MIB / 2)).isTrue();
    assertThat(share(one).tryTake(SMALL + 1)).as("more than an eighth").isFalse();
    assertThat(share(one).tryTake(SMALL)).as("small ones have an eighth of their own").isTrue();
    assertThat(share(connection("other")).tryTake(2 * MIB)).as("alone").isTrue();

    Connection many = connection("many");
    for (int i = 0; i < MIB / SMALL; i++) {
      assertThat(share(many).tryTake(SMALL)).isTrue();
    }
    assertThat(share(many).tryTake(TINY + 1)).isFalse();
    assertThat(share(many).tryTake(MIB)).as("large ones have an eighth of their own").isTrue();
  }

  @Test
  void whoWaitsIsServedInTurnWhenSomebodyGivesBack() {
    List<CallShare> full = fill();
    Connection busy = connection("busy");
    List<Boolean> first = take(share(busy), MIB / 2);
    List<Boolean> second = take(share(busy), MIB / 2);
    List<Boolean> polite = take(share(), 2 * MIB);
    assertThat(budget.waiting()).isEqualTo(3);
    assertThat(first).isEmpty();

    full.getFirst().end();
    assertThat(first).containsExactly(true);
    assertThat(polite).as("the other connection's turn").containsExactly(true);
    assertThat(second).containsExactly(true);
    assertThat(budget.waiting()).isZero();
    assertThat(budget.bytesHeld()).isEqualTo(6 * MIB);
  }

  @Test
  void aLargeOneInTurnIsNotOvertaken() {
    List<CallShare> full = fill();
    List<Boolean> large = take(share(), 3 * MIB);
    full.getFirst().giveBack(MIB);
    assertThat(share().tryTake(MIB)).as("somebody waits").isFalse();
    List<Boolean> behind = take(share(), MIB / 2);
    assertThat(large).isEmpty();
    assertThat(behind).isEmpty();
    full.getFirst().giveBack(2 * MIB);
    assertThat(large).containsExactly(true);
    assertThat(behind).isEmpty();
  }

  @Test
  void aConnectionThatIsFullHoldsNobodyElseUp() {
    Connection greedy = connection("greedy");
    CallShare own = share(greedy);
    assertThat(own.tryTake(MIB)).isTrue();
    List<Boolean> more = take(share(greedy), MIB);
    assertThat(more).isEmpty();
    List<Boolean> other = take(share(), MIB);
    assertThat(other).containsExactly(true);
    own.end();
    assertThat(more).containsExactly(true);
  }

  @Test
  void whoWaitsTwoSecondsIsRefused() {
    CallShare holder = share();
    assertThat(holder.tryTake(3 * MIB)).isTrue();
    assertThat(share().tryTake(3 * MIB)).isTrue();
    List<Boolean> told = take(share(), MIB);
    clock.pass(1_900);
    assertThat(told).isEmpty();
    clock.pass(200);
    assertThat(told).containsExactly(false);
    assertThat(budget.refused()).isEqualTo(1);
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void whoWaitsAndLeavesIsTakenOut() {
    List<CallShare> full = fill();
    CallShare leaves = share();
    List<Boolean> left = take(leaves, MIB);
    leaves.end();
    assertThat(left).containsExactly(false);
    assertThat(budget.waiting()).isZero();
    full.forEach(CallShare::end);
    assertThat(budget.bytesHeld()).isZero();
    clock.pass(10_000);
    assertThat(clock.rests()).as("who has nothing to do does not wake up").isTrue();
  }

  @Test
  void smallOnesWaitToo() {
    var _ = fill();
    List<CallShare> small = new ArrayList<>();
    for (int i = 0; i < 2 * MIB / SMALL; i++) {
      small.add(share());
      assertThat(small.getLast().tryTake(SMALL)).isTrue();
    }
    List<Boolean> told = take(share(), TINY + 1);
    assertThat(told).isEmpty();
    small.getFirst().end();
    assertThat(told).containsExactly(true);
  }

  @Test
  void whileSomebodyWaitsConnectionsThatHoldMostAndStandStillAreClosed() {
    Connection moving = connection("moving");
    Connection still = connection("still");
    Connection lesser = connection("lesser");
    Connection reading = connection("reading");
    sends(share(moving), 2 * MIB);
    sends(share(still), 3 * MIB / 2);
    sends(share(lesser), MIB / 2);
    assertThat(share(reading).tryTake(2 * MIB)).as("not yet sent").isTrue();
    List<Boolean> told = take(share(), 3 * MIB / 2);
    for (int i = 0; i < 11; i++) {
      assertThat(closed).isEmpty();
      moving.moved(MIB / 16);
      clock.pass(100);
    }
    assertThat(closed).containsExactly("still");
    moving.moved(MIB);
    clock.pass(100);
    assertThat(told).as("its call has not ended yet").isEmpty();
    assertThat(closed).as("enough is on its way").containsExactly("still");
    List<Boolean> more = take(share(), 2 * SMALL);
    moving.moved(MIB);
    clock.pass(100);
    assertThat(closed).containsExactly("still", "lesser");
    assertThat(more).isEmpty();
    assertThat(budget.closedConnections()).isEqualTo(2);
  }

  @Test
  void asManyAreClosedAsHoldWhatIsWanted() {
    for (int i = 0; i < 6; i++) {
      sends(share(connection("still " + i)), MIB);
    }
    List<Boolean> told = take(share(), 3 * MIB - SMALL);
    clock.pass(1_200);
    assertThat(closed).hasSize(3);
    assertThat(told).as("their calls have not ended yet").isEmpty();
  }

  private void sends(CallShare share, long bytes) {
    assertThat(share.tryTake(bytes)).isTrue();
    budget.sent(share, bytes);
  }

  @Test
  void nobodyIsClosedWhileNobodyWaits() {
    sends(share(connection("still")), 3 * MIB);
    sends(share(connection("still too")), 3 * MIB);
    clock.pass(60_000);
    assertThat(closed).isEmpty();
    // the budget knows already which connections stand still, so a new reservation need not wait
    List<Boolean> told = take(share(), MIB);
    clock.pass(100);
    assertThat(closed).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void whoWaitsForItsOwnConnectionClosesNoOther() {
    Connection greedy = connection("greedy");
    sends(share(connection("still, but nobody's trouble")), MIB);
    sends(share(greedy), MIB);
    var _ = take(share(greedy), MIB);
    clock.pass(1_500);
    assertThat(closed).containsExactly("greedy");
  }

  @Test
  void whatWasMadeWithoutAskingCounts() {
    Connection one = connection("one");
    CallShare share = share(one);
    share.sent(100);
    share.sent(9 * MIB);
    assertThat(budget.bytesHeld()).isEqualTo(9 * MIB + 100);
    clock.pass(2_000);
    assertThat(closed).as("more is held than there is").containsExactly("one");
    share.end();
    share.sent(100);
    assertThat(budget.bytesHeld()).isZero();
  }

  /** A connection moves if it reads a stream and leaves thousands of small answers unread. */
  @Test
  void whoHoldsMoreThanItsPartIsClosedThoughItMoves() {
    Connection polite = connection("polite");
    sends(share(polite), MIB);
    Connection greedy = connection("greedy");
    for (int i = 0; i < 8 * MIB / TINY; i++) {
      share(greedy).sent(TINY);
    }
    for (int i = 0; i < 11; i++) {
      assertThat(closed).isEmpty();
      greedy.moved(MIB);
      polite.moved(MIB);
      clock.pass(100);
    }
    clock.pass(10);
    assertThat(closed).containsExactly("greedy");
  }

  /** While there is enough room, no connection is closed. */
  @Test
  void whoHoldsMoreThanItsPartMayWhileThereIsEnough() {
    Connection greedy = connection("greedy");
    for (int i = 0; i < 7 * MIB / TINY; i++) {
      share(greedy).sent(TINY);
    }
    for (int i = 0; i < 50; i++) {
      greedy.moved(MIB);
      clock.pass(100);
    }
    assertThat(closed).isEmpty();
  }

  /**
   * Makes calls at random on some connections.
   *
   * @param asked counts the reservations that may wait
   * @param told counts their results
   */
  private record Caller(
      AnswerBudget budget,
      List<Connection> connections,
      Random dice,
      AtomicInteger asked,
      AtomicInteger told) {
    void makeCalls() {
      List<CallShare> open = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        Connection on = connections.get(dice.nextInt(connections.size()));
        CallShare share = new CallShare(budget, on);
        open.add(share);
        use(share);
        if (open.size() > 16) {
          CallShare ends = open.remove(dice.nextInt(open.size()));
          Thread.ofVirtual().start(ends::end);
          ends.tryTake(10);
        }
      }
      open.forEach(CallShare::end);
    }

    private void use(CallShare share) {
      if (share.tryTake(dice.nextInt(1, (int) SMALL)) && dice.nextInt(4) == 0) {
        asked.incrementAndGet();
        share.take(dice.nextInt((int) MIB), _ -> told.incrementAndGet());
      }
      budget.sent(share, dice.nextInt((int) MIB));
      budget.force(share, 10);
      if (dice.nextBoolean()) {
        share.giveBack(5);
      }
    }
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    AnswerBudget real = new AnswerBudget(4 * MIB, MIB);
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      connections.add(new Connection(() -> {}));
    }
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger told = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(4);
    for (int seed = 0; seed < 4; seed++) {
      Caller caller = new Caller(real, connections, new Random(seed), asked, told);
      Thread.ofPlatform()
          .start(
              () -> {
                caller.makeCalls();
                over.countDown();
              });
    }
    over.await();
    until(() -> real.bytesHeld() == 0 && told.get() >= asked.get());
    assertThat(told).hasValue(asked.get());
    assertThat(real.waiting()).isZero();
    assertThat(connections).allSatisfy(c -> assertThat(c.toSend() + c.large()).isZero());
  }
}
