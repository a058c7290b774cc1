package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CheckPageTest {
  private final Map<String, String> states = new LinkedHashMap<>(Map.of("one", ""));
  private final HttpRoutes routes =
      new CheckPage("/readyz", checks("one", "two")).addTo(new HttpRoutes());

  private Map<String, HealthCheck> checks(String... names) {
    Map<String, HealthCheck> checks = new LinkedHashMap<>();
    for (String name : names) {
      checks.put(name, done -> done.accept(states.getOrDefault(name, "")));
    }
    return checks;
  }

  @Test
  void allWellIsOk() {
    assertThat(get("/readyz", Map.of())).isEqualTo("200 ok\n");
    assertThat(get("/readyz", Map.of("verbose", List.of(""))))
        .isEqualTo("200 [+]one ok\n[+]two ok\nok\n");
    assertThat(get("/readyz/two", Map.of("verbose", List.of("")))).isEqualTo("200 [+]two ok\nok\n");
  }

  @Test
  void aFailureIs503WithEveryCheck() {
    states.put("two", "it broke");
    assertThat(get("/readyz", Map.of())).isEqualTo("503 [+]one ok\n[-]two failed: it broke\n\n");
    assertThat(get("/readyz/one", Map.of())).isEqualTo("200 ok\n");
    assertThat(get("/readyz", Map.of("exclude", List.of("two", "three")))).isEqualTo("200 ok\n");
  }

  @Test
  void aCheckThatDoesNotAnswerFailsInTime() throws Exception {
    HealthCheck silent = _ -> {};
    CompletableFuture<String> told = new CompletableFuture<>();
    silent.within(Duration.ofMillis(20)).run(told::complete);
    assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo("no answer within 20 ms");
  }

  @Test
  void whatItSaysInTimeCounts() {
    List<String> told = new ArrayList<>();
    HealthCheck twice =
        done -> {
          done.accept("it broke");
          done.accept("again");
        };
    twice.within(Duration.ofMinutes(1)).run(told::add);
    assertThat(told).containsExactly("it broke");
  }

  @Test
  void onlyTheChecksAreThere() {
    assertThat(get("/readyz/three", Map.of())).startsWith("404");
  }

  private String get(String path, Map<String, List<String>> query) {
    AtomicReference<String> answer = new AtomicReference<>("none");
    routes
        .find(path)
        .answer(
            new HttpRequest("GET", path, query, Map.of(), Bytes.EMPTY),
            response -> answer.set(response.status() + " " + response.body().utf8()));
    return String.valueOf(answer.get());
  }
}
