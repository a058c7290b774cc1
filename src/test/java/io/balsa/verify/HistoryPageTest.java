package io.balsa.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.History;
import io.balsa.check.KeyRequest;
import io.balsa.check.LinearizabilityChecker;
import io.balsa.check.Model;
import io.balsa.check.Operation;
import io.balsa.report.PageParts;
import io.balsa.verify.FaultRunner.InjectedFault;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryPageTest {
  private static final Bytes KEY = Bytes.utf8("<k>");
  private static final long MILLI = 1_000_000;
  private static final Operation WRITTEN = put("a", new Answer.Done(2), 1, 2);
  private static final Operation MISSED =
      new Operation(2, KEY, new KeyRequest.Get(), new Answer.Nothing(2), 3 * MILLI, 4 * MILLI);
  private static final Operation OPEN = put("b", new Answer.Unknown(), 2, Operation.NEVER);

  private static Operation put(String value, Answer answer, long called, long returned) {
    return new Operation(
        1,
        KEY,
        new KeyRequest.Put(Bytes.utf8(value)),
        answer,
        called * MILLI,
        returned == Operation.NEVER ? returned : returned * MILLI);
  }

  private static PageParts page(Operation... operations) {
    return page(WatchVerdict.Kind.HOLD, operations);
  }

  private static PageParts page(WatchVerdict.Kind watches, Operation... operations) {
    History history = new History(List.of(operations));
    List<InjectedFault> faults =
        List.of(new InjectedFault(MILLI / 2, 2 * MILLI, "server 2 </script> paused"));
    return PageParts.of(
        HistoryPage.of(
                history,
                new Verify.Outcome(
                    new LinearizabilityChecker(Model.kv()).check(history),
                    new WatchVerdict(watches, "words about watches", "")),
                faults)
            .html());
  }

  @Test
  void theOverviewHasAnswersAndFaults() {
    PageParts page = page(WRITTEN, OPEN);

    JsonObject fault = page.data().getAsJsonArray("faults").get(0).getAsJsonObject();
    assertThat(page.references()).isEmpty();
    assertThat(page.data().keySet()).containsAll(List.of("headline", "operations", "millis"));
    assertThat(page.data().get("headline").getAsString())
        .isEqualTo("Good: answers linearizable, watches hold");
    assertThat(page.data().getAsJsonArray("answers"))
        .hasSize(250)
        .filteredOn(count -> count.getAsInt() > 0)
        .hasSize(1);
    assertThat(fault.get("text").getAsString()).isEqualTo("server 2 </script> paused");
    assertThat(fault.get("from").getAsDouble()).isEqualTo(0.5);
    assertThat(page.data().has("counterExample")).isFalse();
  }

  @Test
  void aRefutationShowsTheOperationsAroundIt() {
    PageParts page = page(WRITTEN, OPEN, MISSED);

    JsonObject counterExample = page.data().getAsJsonObject("counterExample");
    assertThat(page.data().keySet()).containsAll(page.read());
    assertThat(page.data().get("headline").getAsString())
        .isEqualTo("Refuted: answers NOT linearizable, watches hold");
    assertThat(counterExample.getAsJsonArray("operations"))
        .extracting(
            bar -> bar.getAsJsonObject().get("kind").getAsString(),
            bar -> bar.getAsJsonObject().has("to"))
        .contains(tuple("STUCK", true))
        .hasSize(3);
    assertThat(counterExample.get("text").getAsString()).contains("<k>");
  }

  @Test
  void refutedWatchesAreInTheHeadline() {
    JsonObject broken = page(WatchVerdict.Kind.BROKEN, WRITTEN).data();

    assertThat(broken.get("headline").getAsString())
        .isEqualTo("Refuted: answers linearizable, watches BROKEN");
    assertThat(broken.get("watches").getAsString()).isEqualTo("words about watches");
    assertThat(page(WatchVerdict.Kind.UNKNOWN, WRITTEN).data().get("headline").getAsString())
        .isEqualTo("Unknown: answers linearizable, watches unknown");
  }

  @Test
  void anOperationThatNeverReturnedHasNoEnd() {
    PageParts page = page(WRITTEN, OPEN, MISSED);

    assertThat(page.data().getAsJsonObject("counterExample").getAsJsonArray("operations"))
        .extracting(JsonElement::getAsJsonObject)
        .filteredOn(bar -> !bar.has("to"))
        .extracting(bar -> bar.get("from").getAsDouble())
        .containsExactly(2.0);
  }
}
