package io.balsa.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Caller;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchSharesTest {
  private static final int WATCHES = 400;
  private static final long WATCH = WatchLimits.WATCH_BYTES + 1;

  private final WatchHub hub =
      new WatchHub(
          new WatchLimits(10, 1 << 10, 1 << 10, 1 << 10, 1 << 10, 0, 1 << 10, WATCHES * WATCH));
  private final WatchRequest request = WatchRequest.of(Bytes.utf8("a"), Bytes.EMPTY);

  /** A stream that counts its watches. */
  private final class Client implements WatchSink {
    final WatchStream stream = hub.open(this);
    final List<Long> ids = new ArrayList<>();
    boolean refused;

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(WatchAnswer answer) {
      if (answer instanceof WatchAnswer.Created created) {
        ids.add(created.watchId());
      }
      refused |=
          answer instanceof WatchAnswer.Refused refusal
              && refusal.reason() == WatchAnswer.Refusal.TOO_MANY;
    }

    @Override
    public void end(WatchSink.End why) {
      throw new AssertionError(why);
    }

    int fill(Caller caller) {
      int before = ids.size();
      refused = false;
      while (!refused) {
        stream.create(caller, request);
      }
      return ids.size() - before;
    }
  }

  @Test
  void oneStreamDoesNotTakeTheWatchesOfAll() {
    Client greedy = new Client();
    assertThat(greedy.fill(Caller.nobody(1))).isEqualTo(WATCHES * 3 / 4);
    Client second = new Client();
    assertThat(second.fill(Caller.nobody(1))).isBetween(45, 55);
    Client third = new Client();
    assertThat(third.fill(Caller.nobody(1))).isBetween(25, 35);
    assertThat(greedy.fill(Caller.nobody(1))).isZero();
  }

  @Test
  void aUserWithManyStreamsIsOneOwner() {
    Caller alice = Caller.of("alice", 1);
    int all = 0;
    for (int i = 0; i < 10; i++) {
      all += new Client().fill(alice);
    }
    assertThat(all).isEqualTo(WATCHES * 3 / 4);
    assertThat(new Client().fill(Caller.of("bob", 1))).isBetween(45, 55);
  }

  @Test
  void anEndedWatchGivesItsBytesBack() {
    Client client = new Client();
    for (int round = 0; round < 3; round++) {
      assertThat(client.fill(Caller.nobody(1))).isEqualTo(WATCHES * 3 / 4);
      List.copyOf(client.ids).forEach(client.stream::cancel);
      client.ids.clear();
    }
    client.fill(Caller.nobody(1));
    client.stream.close();
    assertThat(new Client().fill(Caller.nobody(1))).isEqualTo(WATCHES * 3 / 4);
  }
}
