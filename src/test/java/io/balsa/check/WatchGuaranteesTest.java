package io.balsa.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.check.WatchGuarantees.Guarantee;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Hand-made watches of the keys a and b; each guarantee is broken once. */
class WatchGuaranteesTest {
  private static final WatchEvent A2 = put("a", "1", 2, 2, 1, null);
  private static final WatchEvent B3 = put("b", "1", 3, 3, 1, null);
  private static final WatchEvent A4 = put("a", "2", 2, 4, 2, "1");
  private static final WatchEvent B4 = put("b", "2", 3, 4, 2, "1");
  private static final WatchEvent A5 =
      new WatchEvent(Bytes.utf8("a"), null, 0, 5, 0, Bytes.utf8("2"));
  private static final WatchEvent A6 = put("a", "3", 6, 6, 1, null);
  private static final WatchEvent C7 = put("c", "1", 7, 7, 1, null);
  private static final List<WatchEvent> CHANGES = List.of(A2, B3, A4, B4, A5, A6, C7);

  private static WatchEvent put(
      String key, String value, long create, long mod, long version, @Nullable String before) {
    return new WatchEvent(
        Bytes.utf8(key),
        Bytes.utf8(value),
        create,
        mod,
        version,
        before == null ? null : Bytes.utf8(before));
  }

  private static RecordedWatch.Response told(WatchEvent... events) {
    return new RecordedWatch.Response(7, List.of(events));
  }

  private static List<Guarantee> broken(long start, RecordedWatch.Response... responses) {
    RecordedWatch watch =
        new RecordedWatch(Bytes.utf8("a"), Bytes.utf8("c"), start, true, List.of(responses));
    return WatchGuarantees.check(watch, new ChangeLog(CHANGES)).stream()
        .map(WatchGuarantees.Broken::guarantee)
        .distinct()
        .toList();
  }

  @Test
  void aWatchThatSaysItAllHolds() {
    assertThat(broken(2, told(A2), told(B3), told(A4, B4), told(A5, A6), told())).isEmpty();
    assertThat(broken(2, told(A2, B3, A4, B4, A5, A6))).isEmpty();
    assertThat(broken(0, told(A4, B4), told(A5))).isEmpty();
    assertThat(broken(5, told(A5), told(A6))).isEmpty();
    assertThat(broken(8, told())).isEmpty();
  }

  @Test
  void eachPromiseIsSeenBroken() {
    assertThat(broken(5, told(A5, A6), told(C7))).contains(Guarantee.FILTER);
    assertThat(broken(2, told(A2), told(A4, B4), told(B3))).contains(Guarantee.ORDERED);
    assertThat(broken(2, told(A2), told(B3), told(B3))).contains(Guarantee.UNIQUE);
    assertThat(broken(4, told(A4), told(B4))).containsExactly(Guarantee.ATOMIC);
    assertThat(broken(5, told(A5), told(), told(A6))).containsExactly(Guarantee.BOOKMARKABLE);
    assertThat(broken(5, told(A5), told())).containsExactly(Guarantee.BOOKMARKABLE);
    assertThat(broken(3, told(A4, B4))).containsExactly(Guarantee.RESUMABLE);
    assertThat(broken(4, told(A5))).containsExactly(Guarantee.RESUMABLE);
    assertThat(broken(2, told(A2), told(A4, B4))).containsExactly(Guarantee.RELIABLE);
  }

  @Test
  void whatAnEventSaysOfThePastIsHeldAgainstIt() {
    assertThat(broken(6, told(put("a", "3", 2, 6, 3, null)))).contains(Guarantee.IS_CREATE);
    assertThat(broken(6, told(put("a", "3", 6, 6, 1, "2")))).containsExactly(Guarantee.PREV_KV);
    assertThat(broken(4, told(put("a", "2", 2, 4, 2, null), B4)))
        .containsExactly(Guarantee.PREV_KV);
  }
}
