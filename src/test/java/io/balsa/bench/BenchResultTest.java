package io.balsa.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bench.BenchResult.Latencies;
import io.balsa.client.ClientSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchResultTest {
  private static final Latencies LATENCIES = new Latencies(1.23456, 1, 2.5, 3.0005, 4.25, 100);

  @Test
  void aBenchIsOneLineOfJson() {
    Bench.Plan plan =
        new Bench.Plan(
            List.of(),
            ClientSettings.DEFAULT,
            Bench.Kind.GET_SERIALIZABLE,
            64,
            8,
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            256,
            1_000);

    String json =
        new BenchResult(plan, 12_345.678, 123_456, 2, LATENCIES, Map.of("busy", 2L)).json();

    assertThat(json)
        .isEqualTo(
            "{\"loop\":\"closed\",\"what\":\"get-serializable\",\"clients\":64,\"connections\":8,"
                + "\"valueBytes\":256,\"keys\":1000,\"seconds\":10,\"answers\":123456,\"failures\":2,"
                + "\"opsPerSecond\":12345.678,\"meanMs\":1.235,\"p50Ms\":1,\"p90Ms\":2.500,"
                + "\"p99Ms\":3.001,\"p999Ms\":4.250,\"maxMs\":100}");
  }

  @Test
  void aBenchOfWatchesIsOneLineOfJson() {
    assertThat(watches(List.of(1L), "told \"all\"").json())
        .isEqualTo(
            "{\"what\":\"watch\",\"watchers\":100,\"ownKeys\":false,\"streams\":4,\"valueBytes\":64,"
                + "\"seconds\":10,\"putsPerSecond\":50,\"putsFailed\":3,\"events\":50000,"
                + "\"eventsPerSecond\":5000,\"expectedPerSecond\":5000,\"p50Ms\":1.000,\"p99Ms\":3.001,"
                + "\"maxMs\":100.000,\"cpuMicrosPerEvent\":0.000,\"memoryGrownMib\":1.5,\"stalled\":\"told"
                + " \\\"all\\\"\"}");
  }

  @Test
  void whatServersElsewhereUseIsNull() {
    assertThat(watches(List.of(), "").json())
        .contains("\"cpuMicrosPerEvent\":null,\"memoryGrownMib\":null,\"stalled\":\"\"}");
  }

  private static WatchBenchResult watches(List<Long> pids, String stalled) {
    WatchBench.Plan plan =
        new WatchBench.Plan(
            List.of(),
            ClientSettings.DEFAULT,
            false,
            100,
            4,
            50,
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            64,
            false,
            pids);
    return new WatchBenchResult(plan, 50_000, 5_000.4, 0, 3 << 19, LATENCIES, 3, stalled);
  }
}
