package io.balsa.drill;

import com.google.protobuf.ByteString;
import io.balsa.client.RequestFailed;
import io.balsa.drill.FailureRound.CatchUp;
import io.balsa.drill.FailureRound.Way;
import io.balsa.processes.Awaiting;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.PlainEndpoint;
import io.balsa.processes.Workers;
import io.balsa.proto.etcdserverpb.RangeResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps of each scenario. */
record DrillScript(ClusterUnderLoad cluster, int kills) {
  private static final ByteString PROBE = ByteString.copyFromUtf8("probe");
  private static final int BULK_VALUE_BYTES = 1 << 20;
  private static final int BULK_VALUES = 64;

  /** The flags for the servers of a scenario. */
  static List<String> serverFlags(DrillScenario scenario) {
    return scenario == DrillScenario.LOG_COMPACTED ? List.of("--snapshot-count=100") : List.of();
  }

  void play(DrillScenario scenario) {
    switch (scenario) {
      case NORMAL -> normal();
      case LEADER_KILLED -> leaderEnds(true);
      case LEADER_STOPPED -> leaderEnds(false);
      case FOLLOWER_KILLED -> followerKilled();
      case FOLLOWERS_DOWN -> followersDown();
      case ALL_KILLED -> allKilled();
      case LEADER_PAUSED -> leaderPaused();
      case LOG_COMPACTED -> logCompacted();
    }
  }

  private void normal() {
    cluster.round(cluster.fail(() -> Awaiting.pause(Duration.ofSeconds(4))), Optional.empty());
  }

  private void leaderEnds(boolean killed) {
    for (int i = 0; i < kills; i++) {
      int leader = cluster.leader();
      ClusterUnderLoad.Measured measured = cluster.failLeader(() -> end(leader, killed));
      cluster.round(measured, Optional.of(cluster.bringBack(leader)));
      Awaiting.pause(Duration.ofMillis(500));
    }
  }

  private void end(int server, boolean killed) {
    if (killed) {
      cluster.kill(server);
    } else {
      cluster.stop(server);
    }
  }

  private void followerKilled() {
    int follower = cluster.followers().getFirst();
    ClusterUnderLoad.Measured measured = cluster.fail(() -> cluster.kill(follower));
    Awaiting.pause(Duration.ofSeconds(2));
    cluster.round(measured, Optional.of(cluster.bringBack(follower)));
  }

  private void followersDown() {
    PlainEndpoint leader = cluster.processes().endpoint(cluster.leader());
    List<Integer> followers = cluster.followers();
    put(leader, "before");
    ClusterUnderLoad.Measured measured =
        cluster.fail(
            () -> {
              followers.forEach(cluster::kill);
              minorityAnswersNothing(leader);
              cluster.start(followers.getFirst());
              writesGoOn(followers.getFirst());
            });
    cluster.round(measured, Optional.of(cluster.bringBack(followers.getLast())));
  }

  /**
   * A leader without followers must refuse requests that need a majority, with an error text of
   * etcd, and within 8 s.
   */
  private void minorityAnswersNothing(PlainEndpoint leader) {
    Awaiting.pause(Duration.ofMillis(500));
    Duration limit = Duration.ofSeconds(9);
    runAtOnce(
        () -> mustFail("a put", () -> leader.put(PROBE, ByteString.copyFromUtf8("alone"), limit)),
        () -> mustFail("a linearizable read", () -> leader.get(PROBE, false, limit)),
        () -> mustAnswer(() -> leader.get(PROBE, true, Duration.ofSeconds(1))));
  }

  /** Runs all requests at the same time, and waits for their ends. */
  private static void runAtOnce(Runnable... requests) {
    Workers.start("probe-", requests.length, number -> requests[number].run()).join();
  }

  private void mustFail(String what, Attempt request) {
    long begin = System.nanoTime();
    RequestFailed failure = failureOf(request);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    if (failure == null) {
      cluster.broken(what + " was answered by a minority");
    } else if (took.toSeconds() >= 8) {
      cluster.broken(what + " to a minority failed only after " + took.toMillis() + " ms");
    } else if (!String.valueOf(failure.getMessage()).startsWith("etcdserver: ")) {
      cluster.broken(
          what + " to a minority failed with a text that is not etcd's: " + failure.getMessage());
    }
  }

  private void mustAnswer(Attempt serializableRead) {
    RequestFailed failure = failureOf(serializableRead);
    if (failure != null) {
      cluster.broken("a serializable read was refused: " + failure.getMessage());
    }
  }

  /** A request that may fail. */
  private interface Attempt {
    void run() throws RequestFailed;
  }

  private static @Nullable RequestFailed failureOf(Attempt request) {
    try {
      request.run();
      return null;
    } catch (RequestFailed failure) {
      return failure;
    }
  }

  private void writesGoOn(int returned) {
    PlainEndpoint endpoint = cluster.processes().endpoint(returned);
    Awaiting.until(
        "server " + returned + " answering",
        ClusterUnderLoad.PATIENCE,
        () -> failureOf(() -> endpoint.status(Duration.ofMillis(200))) == null);
    long begin = System.nanoTime();
    cluster.awaitAnswers(begin);
    long took = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    if (took > 1_000) {
      cluster.broken("writes went on only " + took + " ms after a follower had returned");
    }
  }

  private void allKilled() {
    for (int i = 0; i < kills; i++) {
      ClusterUnderLoad.Measured measured =
          cluster.failLeader(
              () -> {
                cluster.killAll();
                cluster.processes().numbers().forEach(cluster::start);
              });
      cluster.round(measured, Optional.empty());
    }
  }

  private void leaderPaused() {
    int old = cluster.leader();
    put(cluster.processes().endpoint(old), "before");
    ClusterUnderLoad.Measured measured = cluster.failLeader(() -> cluster.pauseServer(old));
    put(cluster.processes().endpoint(cluster.leader()), "after");
    Awaiting.pause(Duration.ofSeconds(2));
    cluster.resumeServer(old);
    neverStale(cluster.processes().endpoint(old));
    cluster.round(measured, Optional.empty());
  }

  private void neverStale(PlainEndpoint resumed) {
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    boolean stale = false;
    while (!stale && System.nanoTime() - end < 0) {
      String value = valueOrEmpty(resumed);
      stale = value.equals("before");
      Awaiting.pause(Duration.ofMillis(5));
    }
    if (stale) {
      cluster.broken("the resumed leader answered a linearizable read with the old value");
    }
  }

  private static String valueOrEmpty(PlainEndpoint endpoint) {
    try {
      RangeResponse answer = endpoint.get(PROBE, false, Duration.ofMillis(500));
      return answer.getKvs(0).getValue().toStringUtf8();
    } catch (RequestFailed _) {
      return "";
    }
  }

  private void logCompacted() {
    int follower = cluster.followers().getFirst();
    ClusterUnderLoad.Measured measured = cluster.fail(() -> cluster.kill(follower));
    PlainEndpoint leader = cluster.processes().endpoint(cluster.leader());
    for (int i = 0; i < BULK_VALUES; i++) {
      put(
          leader,
          ByteString.copyFromUtf8("bulk/" + i % 8),
          ByteString.copyFrom(new byte[BULK_VALUE_BYTES]));
    }
    Awaiting.pause(Duration.ofSeconds(2));
    CatchUp catchUp = cluster.bringBack(follower);
    if (catchUp.way() != Way.SNAPSHOT) {
      cluster.broken("the follower caught up by the log, but the log should have been compacted");
    }
    cluster.round(measured, Optional.of(catchUp));
  }

  private static void put(PlainEndpoint endpoint, String value) {
    put(endpoint, PROBE, ByteString.copyFromUtf8(value));
  }

  private static void put(PlainEndpoint endpoint, ByteString key, ByteString value) {
    try {
      endpoint.put(key, value, Duration.ofSeconds(10));
    } catch (RequestFailed failed) {
      throw new InstrumentFailure("a put that was needed failed: " + failed.getMessage(), failed);
    }
  }
}
