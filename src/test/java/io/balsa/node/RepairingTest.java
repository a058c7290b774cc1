package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.HandNetwork.HandLink;
import io.balsa.lanes.NodeMetrics;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.node.peers.HandPeer;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import io.balsa.wal.MemoryDisk;
import io.balsa.wal.Wal;
import io.balsa.wal.WalRepair;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with a damaged log asks, answers, and takes part in nothing else. */
class RepairingTest {
  private static final String SEGMENT = "wal/0000000000000001.wal";
  private static final int ROUND_TICKS = 50;
  private static final int ENTRIES = 8;

  private final MemoryDisk disk = new MemoryDisk(1);
  private final HandHost host = new HandHost(disk);
  private final NodeConfig config = HandNode.configOf(3);
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> waiting = new ArrayList<>();
  private final HandPeer two = new HandPeer(2, host.network(), host::run);
  private final HandPeer three = new HandPeer(3, host.network(), host::run);
  private int repaired;

  private Boot boot() {
    return new Boot(config, host, new MemoryEngines(new MemoryMedium()));
  }

  private static Entry entry(long index) {
    Bytes value = Bytes.wrap(new byte[200]);
    var put = new Command.Put(Bytes.utf8("k" + index), value, 0, false, false, false);
    Bytes payload =
        EnvelopeCodec.encode(Envelope.ofServer(new Envelope.RequestId(1, 1, index), put));
    return new Entry(index, 1, Entry.Kind.COMMAND, payload);
  }

  /** A log of one entry a write, in which the fourth one is damaged. */
  @BeforeEach
  void damage() throws Exception {
    Boot.Opened opened = boot().open();
    Wal wal = opened.wal();
    for (int i = 1; i <= ENTRIES; i++) {
      entries.add(entry(i));
      wal.write(List.of(new Effect.Persist(i, 1, 2, List.of(entries.getLast()))));
    }
    wal.seal();
    opened.close();
    byte[] bytes = disk.bytes(SEGMENT);
    byte[] key = "k4".getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length - 1; at++) {
      if (bytes[at] == key[0] && bytes[at + 1] == key[1]) {
        bytes[at] ^= 1;
        return;
      }
    }
    throw new AssertionError("the fourth entry is in the segment");
  }

  private Repairing begin(long applied) throws Exception {
    WalRepair repair = Objects.requireNonNull(boot().repair());
    Snapshot stored =
        new Snapshot(applied, applied == 0 ? 0 : 1, Configuration.of(List.of(1L, 2L, 3L)));
    Repairing repairing =
        new Repairing(
            host,
            host.network(),
            repair,
            stored,
            config.members().subList(1, 3),
            NodeMetrics.NONE,
            waiting::add,
            () -> repaired++);
    repairing.begin();
    host.run();
    return repairing;
  }

  private static List<Long> askedOver(HandLink link) {
    return HandPeer.framesOf(link).stream()
        .filter(Frame.EntriesQuestion.class::isInstance)
        .flatMap(frame -> ((Frame.EntriesQuestion) frame).indexes().stream())
        .toList();
  }

  /** Answers what is asked over a link with the entries of some log. */
  private void answer(HandLink link, List<Entry> log) {
    List<Long> asked = askedOver(link);
    List<Entry> found = log.stream().filter(entry -> asked.contains(entry.index())).toList();
    answer(link, new Frame.EntriesAnswer(asked.isEmpty() ? 0 : asked.getLast(), found));
  }

  private void answer(HandLink link, Frame.EntriesAnswer answer) {
    link.receive(FrameCodec.encode(answer));
    host.run();
  }

  private void isAsItWas() throws Exception {
    Boot.Opened opened = boot().open();
    assertThat(opened.wal().read(1, ENTRIES, Integer.MAX_VALUE)).isEqualTo(entries);
    opened.close();
  }

  @Test
  void theLogIsRepairedWithWhatAMemberHas() throws Exception {
    begin(0);
    two.answerDials();
    answer(two.dialed().getFirst(), entries);
    assertThat(repaired).isEqualTo(1);
    assertThat(host.laneOf("repair").isClosed()).isTrue();
    assertThat(two.dialed()).allMatch(HandLink::isClosed);
    isAsItWas();
  }

  @Test
  void aLateOrRepeatedAnswerChangesNothing() throws Exception {
    begin(0);
    two.answerDials();
    three.answerDials();
    HandLink late = three.dialed().getFirst();
    List<Long> asked = askedOver(late);
    HandLink first = two.dialed().getFirst();
    answer(first, entries);
    answer(first, new Frame.EntriesAnswer(4, entries));
    answer(late, new Frame.EntriesAnswer(asked.getLast(), entries));
    host.pass(10 * ROUND_TICKS);
    assertThat(repaired).isEqualTo(1);
    assertThat(host.halts()).isEmpty();
  }

  @Test
  void entriesThatDidNotStandThereAreNotTakenAndAreAskedForAgain() throws Exception {
    begin(0);
    two.answerDials();
    HandLink link = two.dialed().getFirst();
    List<Entry> others =
        entries.stream().map(e -> new Entry(e.index(), 1, e.kind(), entry(99).payload())).toList();
    answer(link, others);
    assertThat(repaired).isZero();
    host.pass(2 * ROUND_TICKS);
    assertThat(askedOver(link)).contains(4L);
    answer(link, new Frame.EntriesAnswer(4, entries));
    assertThat(repaired).isEqualTo(1);
    isAsItWas();
  }

  @Test
  void anAnswerWithNothingIsNoEnd() throws Exception {
    begin(0);
    two.answerDials();
    HandLink link = two.dialed().getFirst();
    answer(link, List.of());
    answer(link, new Frame.EntriesAnswer(0, List.of()));
    assertThat(repaired).isZero();
    host.pass(2 * ROUND_TICKS);
    answer(link, entries);
    assertThat(repaired).isEqualTo(1);
  }

  @Test
  void aLinkOnWhichNothingComesIsDialedAnew() throws Exception {
    begin(0);
    two.answerDials();
    HandLink silent = two.dialed().getFirst();
    host.pass(10 * ROUND_TICKS);
    assertThat(silent.isClosed()).isFalse();
    host.pass(2 * ROUND_TICKS);
    assertThat(silent.isClosed()).isTrue();
    host.pass(2 * ROUND_TICKS);
    two.answerDials();
    assertThat(two.dialed()).hasSize(2);
    answer(two.dialed().getLast(), entries);
    assertThat(repaired).isEqualTo(1);
  }

  /** Members that start at the same time are given three seconds to help. */
  @Test
  void theStoreHelpsWhenNobodyElseDoes() throws Exception {
    begin(ENTRIES);
    host.pass(5 * ROUND_TICKS);
    assertThat(repaired).isZero();
    host.pass(2 * ROUND_TICKS);
    assertThat(repaired).isEqualTo(1);
  }

  @Test
  void aStoreThatLacksWhatIsDamagedDoesNotHelp() throws Exception {
    begin(2);
    host.pass(40 * ROUND_TICKS);
    assertThat(repaired).isZero();
  }

  @Test
  void anotherServerThatRepairsItsLogIsAnswered() throws Exception {
    begin(0);
    two.answerDials();
    HandLink link = two.greet(Frame.Purpose.REPAIR);
    HandPeer.framesOf(link);
    two.send(new Frame.EntriesQuestion(List.of(1L, 4L)));
    assertThat(HandPeer.framesOf(link))
        .containsExactly(new Frame.EntriesAnswer(4, List.of(entries.getFirst())));
  }

  @Test
  void everybodyElseIsRefused() throws Exception {
    begin(0);
    two.answerDials();
    HandLink link = two.greet(Frame.Purpose.URGENT);
    host.pass(100);
    assertThat(HandPeer.framesOf(link))
        .containsExactly(new Frame.Refuse("its log is being repaired"));
    assertThat(link.isClosed()).isTrue();
  }

  @Test
  void aQuestionThatWaitsWhenTheRepairEndsIsNotAnswered() throws Exception {
    begin(0);
    two.answerDials();
    HandLink link = two.greet(Frame.Purpose.REPAIR);
    HandPeer.framesOf(link);
    HandLink own = two.dialed().getFirst();
    own.receive(FrameCodec.encode(new Frame.EntriesAnswer(4, entries)));
    two.leave(new Frame.EntriesQuestion(List.of(1L)));
    host.run();
    assertThat(repaired).isEqualTo(1);
    assertThat(HandPeer.framesOf(link)).isEmpty();
  }

  @Test
  void anOperatorIsToldNowAndThen() throws Exception {
    begin(0);
    assertThat(waiting).singleElement().asString().contains(SEGMENT, "neither votes nor serves");
    host.pass(19 * ROUND_TICKS);
    assertThat(waiting).hasSize(1);
    host.pass(2 * ROUND_TICKS);
    assertThat(waiting).hasSize(2);
  }

  @Test
  void aDiskThatFailsEndsTheProcess() throws Exception {
    begin(0);
    two.answerDials();
    disk.failForce();
    answer(two.dialed().getFirst(), entries);
    assertThat(repaired).isZero();
    assertThat(host.halts()).singleElement().asString().contains("the log cannot be repaired");
  }
}
