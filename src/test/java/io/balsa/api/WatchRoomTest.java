package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.budget.AnswerBudget;
import io.balsa.budget.Share;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The unsent bytes of all streams are limited together, and the streams take turns. */
class WatchRoomTest {
  private static final long BUDGET = 8 << 20;
  private static final long EVENT = 1_400_000;

  private final AnswerBudget budget = new AnswerBudget(BUDGET, BUDGET / 2);
  private final ArrayDeque<Runnable> lane = new ArrayDeque<>();

  /** A client that reads when the test says so. */
  private final class Client extends ServerCall<Void, Void> {
    final Share share = budget.share();
    long queued;
    int wakened;
    private long taken;
    final WatchRoom room = new WatchRoom(this, share, lane::add, () -> wakened++);

    void send(long bytes) {
      room.gathers(bytes);
      room.sends();
      queued += bytes;
      taken += Math.min(bytes + WatchRoom.AROUND_BYTES, share.bytesMax());
    }

    /** Gives bytes back that have left, as a port does. */
    void reads() {
      share.giveBack(taken);
      taken = 0;
      queued = 0;
    }

    boolean take(long bytes) {
      return room.take(bytes);
    }

    @Override
    public boolean isReady() {
      return queued < WatchRoom.READY_BYTES;
    }

    @Override
    public void request(int messages) {
      // it requests nothing
    }

    @Override
    public void sendHeaders(Metadata headers) {
      // not needed here
    }

    @Override
    public void sendMessage(Void message) {
      // see send
    }

    @Override
    public void close(Status status, Metadata trailers) {
      // nothing is to be closed
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<Void, Void> getMethodDescriptor() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }
  }

  @Test
  void aHundredReadersOfALargeEventAllGetItThoughFewFitAtOnce() {
    List<Client> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(new Client());
    }
    List<Client> told = new ArrayList<>();
    for (int round = 0; !waiting.isEmpty(); round++) {
      assertThat(round).isLessThan(200);
      List<Client> now = new ArrayList<>();
      for (Client client : List.copyOf(waiting)) {
        if (client.take(EVENT)) {
          client.send(EVENT);
          waiting.remove(client);
          now.add(client);
        }
      }
      assertThat(budget.bytesHeld()).isLessThanOrEqualTo(BUDGET);
      now.forEach(Client::reads);
      told.addAll(now);
      runLane();
    }
    assertThat(told).hasSize(100);
  }

  private void runLane() {
    for (Runnable next = lane.poll(); next != null; next = lane.poll()) {
      next.run();
    }
  }

  @Test
  void whoFoundNoRoomIsWakenedWhenThereIsSome() {
    Client first = new Client();
    assertThat(first.take(BUDGET / 2)).isTrue();
    first.send(BUDGET / 2);
    Client second = new Client();
    assertThat(second.take(BUDGET / 2)).isFalse();
    assertThat(second.room.isThere()).as("it waits").isFalse();
    runLane();
    assertThat(second.wakened).isZero();
    first.reads();
    runLane();
    assertThat(second.wakened).isOne();
    assertThat(second.take(BUDGET / 2)).as("what it was given is kept for it").isTrue();
  }

  /** Streams that each held a part and waited for the rest would block each other. */
  @Test
  void whoWaitsForMoreHoldsNothing() {
    assertThat(new Client().take(BUDGET / 4)).isTrue();
    List<Client> two = List.of(new Client(), new Client());
    two.forEach(client -> assertThat(client.take(BUDGET / 5)).isTrue());
    two.forEach(client -> assertThat(client.take(BUDGET / 3)).as("it has grown").isFalse());
    for (Client client : two) {
      runLane();
      assertThat(client.wakened).isOne();
      assertThat(client.take(BUDGET / 3)).isTrue();
      client.send(BUDGET / 3);
      client.reads();
    }
  }

  @Test
  void whatNobodyWaitsForAnyMoreIsGivenBack() {
    Client first = new Client();
    assertThat(first.take(BUDGET / 2)).isTrue();
    Client second = new Client();
    assertThat(second.take(BUDGET / 2)).isFalse();
    first.room.rest();
    runLane();
    assertThat(second.wakened).isOne();
    second.room.rest();
    assertThat(budget.bytesHeld()).isZero();
    Client third = new Client();
    assertThat(third.take(BUDGET / 4)).isTrue();
    third.room.close();
    assertThat(budget.bytesHeld()).isZero();
    assertThat(third.take(1)).isFalse();
  }

  @Test
  void aStreamThatIsNotReadHasAMegabyteUnderWayAtMost() {
    Client client = new Client();
    int sent = 0;
    while (client.take(100_000)) {
      client.send(100_000);
      sent++;
    }
    assertThat(sent).isEqualTo(10);
    assertThat(client.room.isThere()).as("a little fits still").isTrue();
    assertThat(client.room.hasDrained()).as("it waits for its client").isTrue();
    client.reads();
    assertThat(client.take(100_000)).isTrue();
  }

  /** A small event on a stream that is read costs the budget nothing. */
  @Test
  void littleIsNotCounted() {
    Client client = new Client();
    Consumer<Integer> tell =
        bytes -> {
          assertThat(client.take(bytes)).isTrue();
          client.send(bytes);
          client.queued = 0;
        };
    for (int i = 0; i < 10_000; i++) {
      tell.accept(100);
    }
    assertThat(budget.bytesHeld()).isZero();
  }
}
