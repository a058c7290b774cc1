package io.balsa.node.watches;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.auth.AuthState;
import io.balsa.bytes.Bytes;
import io.balsa.lanes.HandLane;
import io.balsa.model.Caller;
import io.balsa.model.Changes;
import io.balsa.node.apply.HandApply;
import io.balsa.node.reads.ReadLane;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchLimits;
import io.balsa.watch.WatchRequest;
import io.balsa.watch.WatchSink;
import io.balsa.watch.Watching;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What watchers are told, and when, while the apply lane and the history lane go on. */
class WatchesOrderTest {
  /** What waits for the watch lane may have the bytes of one change. */
  private static final WatchLimits LIMITS =
      new WatchLimits(100, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 10, 1 << 20);

  private final HandApply server = new HandApply();
  private final HandLane lane = new HandLane();
  private final HandLane history = new HandLane();
  private final List<String> told = new ArrayList<>();
  private final Watches watches =
      new Watches(
          _ -> lane,
          server.host.clock(),
          new ReadLane(
              history,
              server.host.clock(),
              server.apply::state,
              () -> server.apply.facts().applied()),
          server.apply::facts,
          () -> AuthState.NONE,
          LIMITS);

  private final class Noting implements WatchSink {
    private final String name;

    Noting(String name) {
      this.name = name;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(WatchAnswer answer) {
      told.add(name + " " + word(answer));
    }

    @Override
    public void end(End why) {
      told.add(name + " " + why);
    }
  }

  private static String word(WatchAnswer answer) {
    return switch (answer) {
      case WatchAnswer.Told(long _, WatchAnswer.Batch batch) ->
          String.join(",", batch.events().stream().map(e -> e.kv().key().utf8()).toList());
      case WatchAnswer.Progress(long _, long revision) -> "progress " + revision;
      default -> answer.getClass().getSimpleName();
    };
  }

  private static WatchRequest all(long from, boolean progress) {
    return new WatchRequest(
        Bytes.utf8("a"), Bytes.utf8("z"), from, 0, false, false, false, progress, false);
  }

  private Watching watch(WatchSink sink, long from) {
    Watching watching = watches.open(sink);
    watching.create(Caller.SERVER, all(from, false));
    lane.drain();
    return watching;
  }

  /** Applies a write and hands over what it changed, as the apply lane does. */
  private void put(String key) {
    server.wantsChanges = watches.wanted();
    server.changes.clear();
    server.commit(HandApply.put(key));
    if (server.wantsChanges) {
      watches.applied(List.copyOf(server.changes), server.apply.facts());
    }
  }

  @Test
  void changesAreWantedFromTheFirstWatchToTheEndOfTheLast() {
    assertThat(watches.wanted()).isFalse();
    Watching one = watch(new Noting("one"), 0);
    Watching other = watch(new Noting("other"), 0);
    assertThat(watches.wanted()).isTrue();
    one.close();
    lane.drain();
    assertThat(watches.wanted()).isTrue();
    other.close();
    lane.drain();
    assertThat(watches.wanted()).isFalse();
  }

  @Test
  void everyWatcherIsToldEachChangeInOrder() {
    watch(new Noting("one"), 0);
    watch(new Noting("other"), 0);
    told.clear();
    put("k");
    lane.drain();
    put("l");
    lane.drain();

    assertThat(told).containsExactly("one k", "other k", "one l", "other l");
    assertThat(history.drain()).isZero();
  }

  /** The apply lane only hands over: it must never wait for a watcher. */
  @Test
  void nothingIsToldOnTheApplyLane() {
    watch(new Noting("one"), 0);
    told.clear();
    put("k");

    assertThat(told).isEmpty();
  }

  @Test
  void thePastIsReadOnTheHistoryLane() {
    put("k");
    put("l");
    watch(new Noting("one"), 2);
    assertThat(told).containsExactly("one Created");
    history.drain();
    lane.drain();

    assertThat(told).containsExactly("one Created", "one k,l");
  }

  /** The reading finds it too: it must not be told twice. */
  @Test
  void whatIsAppliedWhileThePastIsReadIsToldOnce() {
    put("k");
    watch(new Noting("one"), 2);
    put("l");
    lane.drain();
    assertThat(told).containsExactly("one Created");
    while (history.drain() + lane.drain() > 0) {
      assertThat(told.getFirst()).isEqualTo("one Created");
    }
    put("m");
    lane.drain();

    assertThat(told).containsExactly("one Created", "one k,l", "one m");
  }

  /** The watchers are told of them from the store. */
  @Test
  void changesBeyondTheBytesThatMayWaitAreDroppedAndToldLater() {
    watch(new Noting("one"), 0);
    told.clear();
    put("kkkkkk");
    put("llllll");
    put("m");
    assertThat(server.changes.stream().mapToLong(Changes::bytes).sum()).isBetween(1L, 3L);
    while (lane.drain() + history.drain() > 0) {
      assertThat(told.getFirst()).isEqualTo("one kkkkkk");
    }
    assertThat(String.join(" ", told)).isEqualTo("one kkkkkk one llllll,m");

    put("n");
    lane.drain();
    assertThat(told).endsWith("one n");
    assertThat(history.drain()).isZero();
  }

  @Test
  void aClosedStreamIsToldNothingMore() {
    Watching one = watch(new Noting("one"), 0);
    watch(new Noting("other"), 0);
    told.clear();
    put("k");
    one.close();
    one.close();
    put("l");
    lane.drain();
    one.create(Caller.SERVER, all(0, false));
    one.progress();
    one.then(() -> told.add("late"));
    lane.drain();

    assertThat(told).containsExactly("one k", "other k", "other l");
  }

  @Test
  void theClockTellsIdleWatchersThatAskedForIt() {
    Watching asking = watches.open(new Noting("asking"));
    asking.create(Caller.SERVER, all(0, true));
    watch(new Noting("other"), 0);
    told.clear();
    watches.tellProgressEvery(5_000);
    assertThat(lane.delays()).containsExactly(5_000L);
    lane.stepDelayed();
    lane.drain();

    assertThat(told).containsExactly("asking progress 1");
    assertThat(lane.delays()).containsExactly(5_000L);
  }

  @Test
  void aWatcherWhosePastCannotBeReadDelaysNoOther() {
    put("k");
    server.apply.close(() -> {});
    server.host.run();
    watch(new Noting("one"), 2);
    history.drain();
    lane.drain();
    Watching other = watch(new Noting("other"), 0);
    other.then(() -> told.add("other works"));
    lane.drain();

    assertThat(told).containsExactly("one Created", "other Created", "other works");
  }

  @Test
  void theEndOfTheServerEndsBothLanes() {
    Watching one = watch(new Noting("one"), 0);
    told.clear();
    put("k");
    watches.close();
    one.progress();
    lane.drain();
    history.drain();

    assertThat(told).isEmpty();
    assertThat(lane.isClosed()).isTrue();
    assertThat(history.isClosed()).isTrue();
  }
}
