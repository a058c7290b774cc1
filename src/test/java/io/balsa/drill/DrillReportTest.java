package io.balsa.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.balsa.drill.FailureRound.CatchUp;
import io.balsa.drill.FailureRound.Way;
import io.balsa.drill.Timeline.Kind;
import io.balsa.drill.Timeline.Mark;
import io.balsa.report.PageParts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillReportTest {
  private static final Timeline TIMELINE =
      new Timeline(
          Duration.ofSeconds(10),
          List.of(
              new Mark(Duration.ofSeconds(2), Kind.DONE, "kill -9 server 1"),
              new Mark(Duration.ofSeconds(3), Kind.SEEN, "server 2 leads <term 3>")),
          List.of(10, 0, 5),
          List.of(4, 2, 4));

  private static FailureRound round(int election, int writes) {
    return new FailureRound(
        Optional.of(Duration.ofMillis(election)),
        Duration.ofMillis(writes),
        Duration.ofMillis(20),
        Optional.of(new CatchUp(100, Duration.ofMillis(300), Way.LOG)));
  }

  private static ScenarioResult result(List<String> broken) {
    return new ScenarioResult(
        DrillScenario.LEADER_KILLED,
        List.of(round(50, 90), round(30, 70), round(40, 200)),
        new WriteAudit(1_000, broken.size(), 0, 0),
        true,
        true,
        broken,
        TIMELINE);
  }

  @Test
  void theTableHasMedianAndMaximum() {
    String table = new DrillReport(List.of(result(List.of()))).table().text();

    assertThat(table.lines()).hasSize(2);
    assertThat(table)
        .contains("40 ms (max 50 ms)", "90 ms (max 200 ms)", "100 entries by log in 300 ms");
  }

  @Test
  void markdownSaysWhatWasBroken() {
    DrillReport good = new DrillReport(List.of(result(List.of())));
    DrillReport bad =
        new DrillReport(List.of(result(List.of("1 acknowledged writes are missing"))));

    assertThat(good.held()).isTrue();
    assertThat(good.markdown()).startsWith("# Drill: every promise held");
    assertThat(bad.held()).isFalse();
    assertThat(bad.markdown())
        .startsWith("# Drill: A PROMISE WAS BROKEN")
        .contains("- **broken:** 1 acknowledged writes are missing", "2000 ms: kill -9 server 1");
  }

  @Test
  void htmlHasAllDataAndNothingFromElsewhere() {
    DrillReport report =
        new DrillReport(List.of(result(List.of("1 acknowledged writes are missing"))));

    PageParts page = PageParts.of(report.html());

    JsonObject scenario = page.data().getAsJsonArray("scenarios").get(0).getAsJsonObject();
    JsonObject timeline = scenario.getAsJsonObject("timeline");
    assertThat(page.references()).isEmpty();
    assertThat(page.data().keySet()).containsAll(page.read());
    assertThat(page.data().get("verdict").getAsString()).isEqualTo("A PROMISE WAS BROKEN");
    assertThat(page.data().getAsJsonArray("rows")).hasSize(1);
    assertThat(scenario.getAsJsonArray("broken")).hasSize(1);
    assertThat(timeline.getAsJsonArray("writes")).hasSize(3);
    assertThat(timeline.getAsJsonArray("marks"))
        .extracting(mark -> mark.getAsJsonObject().get("text").getAsString())
        .containsExactly("kill -9 server 1", "server 2 leads <term 3>");
  }

  @Test
  void severalRunsAreOneResult() {
    ScenarioResult merged =
        ScenarioResult.merged(List.of(result(List.of()), result(List.of("broken"))));

    assertThat(merged.rounds()).hasSize(6);
    assertThat(merged.audit()).isEqualTo(new WriteAudit(2_000, 1, 0, 0));
    assertThat(merged.held()).isFalse();
  }
}
