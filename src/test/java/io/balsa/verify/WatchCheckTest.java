package io.balsa.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.ChangeLog;
import io.balsa.check.History;
import io.balsa.check.KeyRequest;
import io.balsa.check.Operation;
import io.balsa.check.RecordedWatch;
import io.balsa.check.WatchEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchCheckTest {
  private static final Bytes KEY = Bytes.utf8("k");
  private static final WatchEvent FIRST = event("a", 2, 1);
  private static final WatchEvent SECOND = event("b", 3, 2);
  private static final ChangeLog CHANGES = new ChangeLog(List.of(FIRST, SECOND));
  private static final History NOTHING_ASKED = new History(List.of());

  private static WatchEvent event(String value, long revision, long version) {
    return new WatchEvent(KEY, Bytes.utf8(value), 2, revision, version, null);
  }

  private static WatchCheck.WatchedStream seen(WatchEvent... events) {
    List<RecordedWatch.Response> responses =
        List.of(events).stream()
            .map(event -> new RecordedWatch.Response(event.modRevision(), List.of(event)))
            .toList();
    return new WatchCheck.WatchedStream(
        "here:1", new RecordedWatch(KEY, Bytes.EMPTY, 2, false, responses), "");
  }

  @Test
  void watchesWithAllEventsHold() {
    assertThat(
            WatchCheck.broken(
                List.of(seen(FIRST, SECOND), seen(FIRST), seen()), CHANGES, NOTHING_ASKED))
        .isEmpty();
  }

  @Test
  void aGuaranteeThatManyStreamsBreakIsOneLine() {
    List<String> broken =
        WatchCheck.broken(
            List.of(seen(SECOND), seen(SECOND), seen(FIRST, SECOND, SECOND)),
            CHANGES,
            NOTHING_ASKED);

    assertThat(broken).hasSize(3);
    assertThat(broken)
        .anyMatch(line -> line.startsWith("resumable broken in 2 streams, first by the watch at"))
        .anyMatch(line -> line.startsWith("unique broken in 1 streams"))
        .anyMatch(line -> line.startsWith("atomic broken in 1 streams"));
  }

  @Test
  void changesThatContradictTheHistoryAreBroken() {
    Operation lost =
        new Operation(1, KEY, new KeyRequest.Put(Bytes.utf8("c")), new Answer.Done(4), 1, 2);

    assertThat(WatchCheck.broken(List.of(), CHANGES, new History(List.of(lost))))
        .anyMatch(line -> line.contains("no change fits the answer of " + lost));
  }

  @Test
  void progressIsRequestedFromServersThatSendItInOrder() {
    assertThat(List.of("3.4.25", "3.5.8", "3.6.0", "3.7.0-rc.1", "4.0.0"))
        .allMatch(ProgressOrder::isKept);
    assertThat(List.of("3.4.23", "3.5.7", "3.3.99", "2.3.8", "not a version", ""))
        .noneMatch(ProgressOrder::isKept);
  }
}
