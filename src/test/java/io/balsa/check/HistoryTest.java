package io.balsa.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.check.RandomHistory.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  @Test
  void aHistoryIsReadBackFromItsText() {
    for (boolean revisions : new boolean[] {false, true}) {
      History history = RandomHistory.legal(3, new Shape(5, 300, 3, 20, 0, 0.1, revisions));
      assertThat(History.parse(history.toText())).isEqualTo(history);
    }
  }

  @Test
  void anyBytesCanBeKeysAndValues() {
    Bytes odd = Bytes.of(0, 255, '"', '\\', ' ', 'a', '\n');
    History history =
        new History(
            List.of(
                new Operation(0, odd, new KeyRequest.Put(odd), new Answer.Done(7), 1, 2),
                new Operation(
                    1,
                    Bytes.EMPTY,
                    new KeyRequest.Append(odd),
                    new Answer.Unknown(),
                    3,
                    Operation.NEVER)));
    assertThat(History.parse(history.toText())).isEqualTo(history);
  }

  @Test
  void aBadLineIsNamed() {
    assertThatThrownBy(() -> History.parse("# fine\n0 1 2 \"k\" fly -> done"))
        .hasMessage("line 2 of the history is not an operation: unknown request fly");
    assertThatThrownBy(() -> History.parse("0 1 2 \"k\" get ->"))
        .hasMessage("line 1 of the history is not an operation: the line is too short");
  }

  @Test
  void aRecorderKeepsWhatEndedAndWritesThatDidNot() {
    HistoryRecorder recorder = new HistoryRecorder();
    Bytes key = Bytes.utf8("k");
    long put = recorder.called(0, key, new KeyRequest.Put(key), 1);
    long open = recorder.called(1, key, new KeyRequest.Delete(), 2);
    long refused = recorder.called(2, key, new KeyRequest.Delete(), 3);
    recorder.called(3, key, new KeyRequest.Get(), 4);
    recorder.returned(put, new Answer.Done(0), 5);
    recorder.refused(refused);
    assertThat(open).isEqualTo(2);
    assertThat(recorder.history().operations())
        .containsExactly(
            new Operation(0, key, new KeyRequest.Put(key), new Answer.Done(0), 1, 5),
            new Operation(
                1, key, new KeyRequest.Delete(), new Answer.Unknown(), 2, Operation.NEVER));
  }

  private static final String JEPSEN =
      """
      INFO  jepsen.core - Worker 0 starting
      INFO  jepsen.util - 0\t:invoke\t:read\tnil
      INFO  jepsen.util - 1\t:invoke\t:write\t3
      INFO  jepsen.util - 0\t:ok\t:read\tnil
      INFO  jepsen.util - 2\t:invoke\t:cas\t[3 4]
      INFO  jepsen.util - :nemesis\t:info\t:start\tnil
      INFO  jepsen.util - 1\t:info\t:write\t:timed-out
      INFO  jepsen.util - 2\t:ok\t:cas\t[3 4]
      INFO  jepsen.util - 0\t:invoke\t:read\tnil
      INFO  jepsen.util - 0\t:fail\t:read\t:timed-out
      INFO  jepsen.util - 2\t:invoke\t:cas\t[3 5]
      INFO  jepsen.util - 2\t:fail\t:cas\t[3 5]
      INFO  jepsen.util - 2\t:invoke\t:read\tnil
      INFO  jepsen.util - 2\t:ok\t:read\t4
      """;

  @Test
  void aJepsenLogIsRead() {
    History history = History.parse(JEPSEN);
    assertThat(history.operations()).hasSize(5);
    LinearizabilityChecker checker = new LinearizabilityChecker(Model.register());
    assertThat(checker.check(history).isOk()).isTrue();
    assertThat(checker.check(History.parse(JEPSEN.replace(":ok\t:read\t4", ":ok\t:read\t3"))))
        .isInstanceOf(Verdict.Illegal.class);
  }

  @Test
  void aJepsenLogOfMapsIsRead() {
    String log =
        """
        {:process 3, :type :invoke, :f :append, :key "5", :value "x 3 0 y"}
        {:process 4, :type :invoke, :f :get, :key "5", :value nil}
        {:process 4, :type :ok, :f :get, :key "5", :value ""}
        {:process 3, :type :ok, :f :append, :key "5", :value "x 3 0 y"}
        {:process 4, :type :invoke, :f :append, :key "5", :value "x 4 0 y"}
        {:process 4, :type :ok, :f :append, :key "5", :value "x 4 0 y"}
        {:process 4, :type :invoke, :f :get, :key "5", :value nil}
        {:process 4, :type :ok, :f :get, :key "5", :value "x 3 0 yx 4 0 y"}
        """;
    LinearizabilityChecker checker = new LinearizabilityChecker(Model.register());
    assertThat(checker.check(History.parse(log)).isOk()).isTrue();
    assertThat(checker.check(History.parse(log.replace("0 yx 4", "1 yx 4"))).isOk()).isFalse();
  }
}
