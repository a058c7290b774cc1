package io.balsa.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.balsa.front.MonitoringNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server has data for every board and rule, before the first request. */
class MonitoringTest extends AtOneServer {
  private static final Path MONITORING = Path.of("dist", "monitoring");

  @Test
  void everyNameOfOurBoardAndRulesHasData() throws Exception {
    Set<String> wanted = new HashSet<>(MonitoringNames.all());
    wanted.removeIf(MonitoringNames::isOfProxy);
    assertThat(wanted).hasSizeGreaterThan(40);
    assertThat(served()).containsAll(wanted);
  }

  @Test
  void everyNameOfEtcdsBoardAndRulesHasData() throws Exception {
    try (InputStream list =
        Objects.requireNonNull(
            MonitoringTest.class.getResourceAsStream("etcd-mixin-metrics.txt"))) {
      List<String> wanted =
          new String(list.readAllBytes(), UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
      assertThat(served()).containsAll(wanted);
    }
  }

  /** The names that have at least one sample; this server has no peers, so they come beside it. */
  private static Set<String> served() throws IOException, InterruptedException {
    Set<String> names = new HashSet<>(EtcdMetricsTest.scrape().names());
    names.addAll(EtcdMetricsTest.pageOf(EtcdMetricsTest.withPeers()).names());
    return names;
  }

  @Test
  void everyPanelOfTheBoardHasATitleAUnitAndAnExpression() throws Exception {
    JsonObject board =
        JsonParser.parseString(Files.readString(MONITORING.resolve("dashboard.json")))
            .getAsJsonObject();
    List<Integer> ids = new ArrayList<>();
    for (JsonElement each : board.getAsJsonArray("panels")) {
      JsonObject panel = each.getAsJsonObject();
      ids.add(panel.get("id").getAsInt());
      assertThat(panel.get("title").getAsString()).isNotBlank();
      if (!panel.get("type").getAsString().equals("row")) {
        assertThat(panel.getAsJsonArray("targets"))
            .isNotEmpty()
            .allSatisfy(
                target ->
                    assertThat(target.getAsJsonObject().get("expr").getAsString())
                        .containsAnyOf("job=\"$job\"", "job=\"$proxy\""));
      }
    }
    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(20);
  }

  @Test
  void everyAlertIsTestedAndSaysWhatToDo() throws Exception {
    String rules = Files.readString(MONITORING.resolve("rules.yml"));
    List<String> alerts =
        rules
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("- alert: "))
            .map(line -> line.substring("- alert: ".length()))
            .toList();
    assertThat(alerts).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    assertThat(rules.lines().map(String::strip).filter(line -> line.startsWith("action: ")))
        .hasSameSizeAs(alerts);
    assertThat(Files.readString(MONITORING.resolve("rules_test.yml"))).contains(alerts);
  }
}
