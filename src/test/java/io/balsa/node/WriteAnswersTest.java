package io.balsa.node;

import static io.balsa.host.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.engine.RocksEngines;
import io.balsa.host.DataDirectory;
import io.balsa.host.FreePorts;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.RealHost;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Member;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of writes whose answers find no room, cost too much, or come all at once. */
class WriteAnswersTest {
  private static final StoreLimits LIMITS =
      StoreLimits.DEFAULT
          .withSweepKeys(2_000)
          .withTxnKeys(120)
          .withChunkBytes(4_000)
          .withLeases(1_000);
  private static final Bytes KEY = Bytes.utf8("key");
  private static final Bytes NO_END = Bytes.of(0);

  private final List<Integer> chunks = new CopyOnWriteArrayList<>();
  private DataDirectory directory;
  private Node node;

  @BeforeEach
  void start() throws Exception {
    Path root = Files.createTempDirectory(Path.of("target"), "write-answers");
    directory = DataDirectory.open(root);
    String url = "http://127.0.0.1:" + FreePorts.choose(1).getFirst();
    NodeConfig config =
        NodeConfig.of(
                77,
                new NodeConfig.Self(1, "m1", List.of("http://127.0.0.1:0")),
                List.of(new Member(1, "m1", List.of(url), List.of(), false, 0)))
            .withSegmentBytes(1 << 20)
            .withStall(5_000_000_000L)
            .withLimits(LIMITS);
    RealHost host =
        new RealHost(
            directory.disk(),
            new GrpcNetwork(List.of(HostPort.parse(url))),
            reason -> System.err.println("halted: " + reason));
    NodeMetrics counting =
        new NodeMetrics() {
          @Override
          public void applied(int entries, long nanos) {
            chunks.add(entries);
          }
        };
    node = Node.start(config, host, new RocksEngines(root), counting);
  }

  @AfterEach
  void stop() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    node.stop(stopped::countDown);
    assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
    directory.close();
  }

  private CompletableFuture<Outcome> ask(Command command, AnswerRoom room) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    node.propose(Caller.SERVER, command, room, answer::complete);
    return answer;
  }

  private Outcome propose(Command command, AnswerRoom room) throws Exception {
    return ask(command, room).get(10, TimeUnit.SECONDS);
  }

  private Result result(Command command) throws Exception {
    Outcome outcome = propose(command, AnswerRoom.UNBOUNDED);
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    return ((Outcome.Answered) outcome).result();
  }

  private static Command.Put put(Bytes key, int bytes, boolean prevKv) {
    return new Command.Put(key, Bytes.wrap(new byte[bytes]), 0, prevKv, false, false);
  }

  private static Command.Txn then(Command.Op... ops) {
    return new Command.Txn(List.of(), List.of(ops), List.of());
  }

  @Test
  void aWriteWithoutRoomForItsAnswerIsDoneAndSaysSo() throws Exception {
    long before = result(put(KEY, 100_000, false)).revision();
    assertThat(propose(then(put(Bytes.utf8("b"), 1, false), Range.of(KEY)), new Full(true)))
        .isEqualTo(new Outcome.Failed(Outcome.Failure.ANSWER_DROPPED));
    assertThat(propose(then(Range.of(KEY)), new Full(true)))
        .isEqualTo(new Outcome.Failed(Outcome.Failure.NO_ROOM));
    assertThat(result(put(KEY, 1, false)).revision()).isEqualTo(before + 2);
  }

  @Test
  void whatMayAnswerMuchIsNotProposedWithoutRoom() throws Exception {
    long before = result(put(KEY, 1, false)).revision();
    Command.Txn large = then(put(KEY, 1, false), Range.of(KEY, NO_END));
    assertThat(propose(large, new Full(false)))
        .isEqualTo(new Outcome.Failed(Outcome.Failure.NO_ROOM));
    assertThat(propose(put(KEY, 1, true), new Full(false))).isInstanceOf(Outcome.Answered.class);
    assertThat(result(put(KEY, 1, false)).revision()).isEqualTo(before + 2);
  }

  @Test
  void whatCostsTooMuchIsRefusedBeforeItIsInTheLog() throws Exception {
    for (int i = 0; i < 30; i++) {
      result(put(Bytes.utf8("k" + i), 1, false));
    }
    long applied = node.status().applied();
    Range all = Range.of(Bytes.utf8("k"), NO_END);
    assertThat(result(then(put(KEY, 1, false), all, all, all, all)))
        .isEqualTo(new Result.Refused(31, KvError.TXN_TOO_LARGE));
    assertThat(node.status().applied()).isEqualTo(applied);
    assertThat(result(then(put(KEY, 1, false), all))).isInstanceOf(Result.Txn.class);
  }

  @Test
  void manyReadsOfALargePutAreRefusedBeforeTheyAreInTheLog() throws Exception {
    List<Command.Op> ops = new ArrayList<>(List.of(put(KEY, 1_000_000, false)));
    ops.addAll(Collections.nCopies(40, Range.of(KEY)));
    result(put(KEY, 1, false));
    long applied = node.status().applied();
    assertThat(result(new Command.Txn(List.of(), ops, List.of())))
        .isInstanceOf(Result.Refused.class);
    assertThat(node.status().applied()).isEqualTo(applied);
  }

  /** A write that was sent before may be done already, so the log alone may say that it was not. */
  @Test
  void aRepeatedWriteThatCostsTooMuchIsRefusedByTheLog() throws Exception {
    for (int i = 0; i < 30; i++) {
      result(put(Bytes.utf8("k" + i), 1, false));
    }
    Range all = Range.of(Bytes.utf8("k"), NO_END);
    Command.Txn costly = then(put(KEY, 1, false), all, all, all, all);
    Result refused = new Result.Refused(31, KvError.TXN_TOO_LARGE);
    long applied = node.status().applied();
    assertThat(named(costly, false)).as("for the first time").isEqualTo(refused);
    assertThat(node.status().applied()).isEqualTo(applied);
    assertThat(named(costly, true)).as("perhaps again").isEqualTo(refused);
    assertThat(node.status().applied()).isEqualTo(applied + 1);
  }

  private Result named(Command command, boolean mayBeDone) throws Exception {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    node.propose(
        Caller.SERVER,
        new WriteId(7, 1),
        mayBeDone,
        command,
        AnswerRoom.UNBOUNDED,
        answer::complete);
    return ((Outcome.Answered) answer.get(10, TimeUnit.SECONDS)).result();
  }

  @Test
  void aDeletionWithTooLargeAnAnswerIsRefusedBeforeItIsInTheLog() throws Exception {
    for (int i = 0; i < 3; i++) {
      result(put(Bytes.utf8("k" + i), 3_000_000, false));
    }
    long applied = node.status().applied();
    assertThat(result(new Command.DeleteRange(Bytes.utf8("k"), NO_END, true)))
        .isInstanceOf(Result.Refused.class);
    assertThat(node.status().applied()).isEqualTo(applied);
  }

  /** While it is swept, others of the same keys go two at a time. */
  @Test
  void deletionsBesideALargeOneAreAllAnswered() throws Exception {
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      answers.add(ask(put(Bytes.utf8("k" + i), 1, false), AnswerRoom.UNBOUNDED));
    }
    Command.DeleteRange all = new Command.DeleteRange(Bytes.utf8("k"), NO_END, false);
    for (int i = 0; i < 20; i++) {
      answers.add(ask(all, AnswerRoom.UNBOUNDED));
    }
    for (CompletableFuture<Outcome> answer : answers) {
      assertThat(answer.get(20, TimeUnit.SECONDS)).isInstanceOf(Outcome.Answered.class);
    }
    // the sweep may go on for a while after the answers, and be in the way of this one
    until(() -> result(all).equals(new Result.DeleteRange(5_002, 0, List.of())));
  }

  @Test
  void manyLargeAnswersAreGivenAChunkAtATime() throws Exception {
    result(put(KEY, 1_000, false));
    chunks.clear();
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(ask(put(KEY, 1_000, true), AnswerRoom.UNBOUNDED));
    }
    for (CompletableFuture<Outcome> answer : answers) {
      assertThat(answer.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Answered.class);
    }
    // a chunk is counted after its answers are given
    until(() -> chunks.stream().mapToInt(Integer::intValue).sum() >= 200);
    assertThat(chunks).allMatch(entries -> entries <= 4).hasSizeGreaterThanOrEqualTo(50);
  }

  /**
   * A process whose answers have no room.
   *
   * @param hopes whether there seems to be some beforehand
   */
  private record Full(boolean hopes) implements AnswerRoom {
    @Override
    public long bytesMax() {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean hasRoom(long bytes) {
      return hopes || tryTake(bytes);
    }

    @Override
    public boolean tryTake(long bytes) {
      return bytes <= 64 << 10;
    }

    @Override
    public void take(long bytes, Consumer<Boolean> done) {
      done.accept(tryTake(bytes));
    }

    @Override
    public boolean clientLeft() {
      return false;
    }
  }
}
