package io.balsa.ctl.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckPerfTest {
  @Test
  void theVerdictHasEtcdctlsLines() {
    assertThat(CheckPerfCommand.verdict(new CheckLoad.Result(149.5, 0.012, 0.0015, Map.of()), 150))
        .containsExactly(
            "PASS: Throughput is 150 writes/s",
            "PASS: Slowest request took 0.012000s",
            "PASS: Stddev is 0.001500s",
            "PASS");
    assertThat(
            CheckPerfCommand.verdict(new CheckLoad.Result(135, 0.51, 0.11, Map.of("x", 2L)), 150))
        .containsExactly(
            "FAIL: too many errors",
            "FAIL: ERROR(x) -> 2",
            "FAIL: Throughput too low: 136 writes/s",
            "Slowest request took too long: 0.510000s",
            "Stddev too high: 0.110000s",
            "FAIL");
  }
}
