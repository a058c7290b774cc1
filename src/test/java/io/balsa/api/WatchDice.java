package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.WatchCancelRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest.FilterType;
import io.balsa.proto.etcdserverpb.WatchProgressRequest;
import io.balsa.proto.etcdserverpb.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Random watches over random writes: every watch gets the same from both servers. */
final class WatchDice implements RandomSteps {
  private static final List<String> KEYS = List.of("a", "aa", "ab", "b", "b\0", "c");
  private static final int STREAMS = 2;
  private static final int JSON_STREAMS = 2;

  private final Die die;
  private final StepDice writes;
  private final TreeSet<Integer> opened = new TreeSet<>();

  // see KnownDifference.PROGRESS_OF_FUTURE_WATCH and PROGRESS_BESIDE_COMPACTED_WATCH
  private final TreeSet<Integer> withoutProgress = new TreeSet<>();

  private final Reference etcd;

  WatchDice(Reference etcd, long seed) {
    this.etcd = etcd;
    die = new Die(seed);
    writes = new StepDice(etcd, seed);
  }

  @Override
  public void saw(Step step, String answer) {
    writes.saw(step, answer);
  }

  @Override
  public Step next() {
    int kind = die.upTo(100);
    int stream = 1 + die.upTo(STREAMS);
    if (kind < 12) {
      return say(stream, create(stream));
    } else if (kind < 18) {
      return say(stream, cancel());
    } else if (kind < 22) {
      boolean sure = etcd.agreesOn(KnownDifference.PROGRESS_WITHOUT_WATCH);
      return !sure || withoutProgress.contains(stream) ? writes.next() : say(stream, progress());
    } else if (kind < 24) {
      return json();
    } else if (kind < 25) {
      return leave();
    }
    return writes.next();
  }

  private Step say(int stream, Message request) {
    return opened.add(stream)
        ? new Step.Open(stream, false, Rpc.WATCH, List.of(request))
        : new Step.Say(stream, request);
  }

  private Step json() {
    int stream = STREAMS + 1 + die.upTo(JSON_STREAMS);
    List<Message> requests = new ArrayList<>();
    for (int i = 1 + die.upTo(2); i > 0; i--) {
      requests.add(create(stream));
    }
    opened.add(stream);
    return new Step.Open(stream, true, Rpc.WATCH, requests);
  }

  private Step leave() {
    int stream = 1 + die.upTo(STREAMS + JSON_STREAMS);
    opened.remove(stream);
    withoutProgress.remove(stream);
    return new Step.Leave(stream);
  }

  private static Message progress() {
    return WatchRequest.newBuilder()
        .setProgressRequest(WatchProgressRequest.getDefaultInstance())
        .build();
  }

  private Message cancel() {
    return WatchRequest.newBuilder()
        .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(die.upTo(12) - 1))
        .build();
  }

  private Message create(int stream) {
    WatchCreateRequest.Builder request =
        WatchCreateRequest.newBuilder()
            .setKey(die.chance(5) ? ByteString.EMPTY : die.text(KEYS))
            .setRangeEnd(
                switch (die.upTo(4)) {
                  case 0 -> ByteString.copyFrom(new byte[1]);
                  case 1 -> die.text(KEYS);
                  default -> ByteString.EMPTY;
                })
            .setPrevKv(die.chance(33))
            .setFragment(die.chance(20))
            .setProgressNotify(die.chance(20))
            .setWatchId(die.chance(25) ? die.upTo(13) : 0)
            .setStartRevision(startAfterTombstones());
    if (losesProgress(request.getStartRevision())) {
      withoutProgress.add(stream);
    }
    for (int i = die.chance(20) ? 1 + die.upTo(2) : 0; i > 0; i--) {
      request.addFilters(die.one(List.of(FilterType.NOPUT, FilterType.NODELETE)));
    }
    return WatchRequest.newBuilder().setCreateRequest(request).build();
  }

  private boolean losesProgress(long start) {
    boolean future = start > writes.revision();
    boolean compacted = start > 0 && start < writes.compacted();
    return (future && !etcd.agreesOn(KnownDifference.PROGRESS_OF_FUTURE_WATCH))
        || (compacted && !etcd.agreesOn(KnownDifference.PROGRESS_BESIDE_COMPACTED_WATCH));
  }

  /** See {@link KnownDifference#DELETION_AT_COMPACT_REVISION}. */
  private long startAfterTombstones() {
    long start = start();
    boolean loses = !etcd.agreesOn(KnownDifference.DELETION_AT_COMPACT_REVISION);
    return loses && start == writes.compacted() && start > 0 ? start + 1 : start;
  }

  private long start() {
    return switch (die.upTo(16)) {
      case 0, 1 -> writes.revision() + die.upTo(5);
      case 2 -> Long.MAX_VALUE;
      case 3, 4, 5 -> Math.max(1, writes.revision() - die.upTo(20));
      case 6 -> etcd.agreesOn(KnownDifference.NEGATIVE_WATCH) && die.chance(20) ? -1 : 1;
      default -> 0;
    };
  }
}
