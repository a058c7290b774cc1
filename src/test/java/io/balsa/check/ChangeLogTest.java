package io.balsa.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Changes of a server, checked against requests and answers. */
class ChangeLogTest {
  private static final Bytes KEY = Bytes.utf8("k");
  private static final WatchEvent CREATED = change("a", 2, 2, 1);
  private static final WatchEvent CHANGED = change("b", 2, 4, 2);
  private static final WatchEvent DELETED = change(null, 0, 5, 0);
  private static final List<WatchEvent> CHANGES = List.of(CREATED, CHANGED, DELETED);
  private static final List<Operation> OPERATIONS =
      List.of(
          done(new KeyRequest.Put(Bytes.utf8("a")), new Answer.Done(2)),
          done(new KeyRequest.Get(), new Answer.Found(Bytes.utf8("a"), 2, 2, 1, 3)),
          done(new KeyRequest.Cas(Bytes.utf8("a"), Bytes.utf8("b")), new Answer.Swapped(true, 4)),
          done(new KeyRequest.Cas(null, Bytes.utf8("c")), new Answer.Swapped(false, 4)),
          done(new KeyRequest.Delete(), new Answer.Deleted(true, 5)),
          done(new KeyRequest.Get(), new Answer.Nothing(5)));

  private static WatchEvent change(@Nullable String value, long create, long mod, long version) {
    return new WatchEvent(
        KEY, value == null ? null : Bytes.utf8(value), create, mod, version, null);
  }

  private static Operation done(KeyRequest request, Answer answer) {
    return new Operation(1, KEY, request, answer, 1, 2);
  }

  private static List<String> contradictions(List<WatchEvent> changes) {
    return new ChangeLog(changes).contradictions(new History(OPERATIONS));
  }

  @Test
  void changesThatFitTheHistoryHold() {
    assertThat(contradictions(CHANGES)).isEmpty();
  }

  @Test
  void anAcknowledgedChangeIsMissed() {
    assertThat(contradictions(List.of(CREATED, CHANGED)))
        .containsExactly("no change fits the answer of " + OPERATIONS.get(4));
    assertThat(contradictions(List.of(CREATED, change("c", 2, 4, 2), DELETED)))
        .containsExactly("no change fits the answer of " + OPERATIONS.get(2));
  }

  @Test
  void aValueThatNobodyWroteIsSeen() {
    WatchEvent invented = change("never written", 6, 6, 1);
    assertThat(contradictions(List.of(CREATED, CHANGED, DELETED, invented)))
        .containsExactly(
            "no request made the change " + new ChangeLog(List.of(invented)).at(KEY, 6));
  }

  @Test
  void versionsFollowFromEachOther() {
    assertThat(contradictions(List.of(CREATED, change("b", 2, 4, 3), DELETED)))
        .singleElement()
        .asString()
        .contains("does not follow from");
    assertThat(contradictions(List.of(CREATED, change("b", 4, 4, 2), DELETED))).hasSize(1);
  }

  @Test
  void eachChangeKnowsWhatWasThereBefore() {
    ChangeLog log = new ChangeLog(List.of(DELETED, CREATED, CHANGED, CREATED));

    assertThat(log.between(3, 9)).extracting(WatchEvent::modRevision).containsExactly(4L, 5L);
    assertThat(log.between(2, 9))
        .extracting(WatchEvent::before)
        .containsExactly(null, Bytes.utf8("a"), Bytes.utf8("b"));
    assertThat(log.between(6, 5)).isEmpty();
    assertThat(log.at(KEY, 3)).isNull();
  }
}
