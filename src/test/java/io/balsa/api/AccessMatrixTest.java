package io.balsa.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.house.SharesCores;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SEC-01 to SEC-05: every RPC that the server serves, called by every identity, with every option
 * that makes a request reach further. Each pair has a verdict: allowed, or etcd 3.7.3's code and
 * text.
 */
@SharesCores
@Timeout(300)
class AccessMatrixTest {
  private static AccessBench bench;

  @BeforeAll
  static void start() throws Exception {
    bench = new AccessBench();
  }

  @AfterAll
  static void stop() {
    bench.close();
  }

  private static List<AccessRow<?>> rows() {
    List<AccessRow<?>> rows = new ArrayList<>(AccessKvRows.all());
    rows.addAll(AccessStreamRows.all());
    rows.addAll(AccessAdminRows.all());
    return rows;
  }

  /** CVE-2026-33413, CVE-2026-33343, CVE-2026-44283, GHSA-xg4h, CVE-2023-32082. */
  @Test
  void sec01ToSec05EveryIdentityGetsItsVerdict() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (AccessRow<?> row : rows()) {
      for (AccessWho who : AccessWho.values()) {
        String answer = bench.answer(row, who);
        if (!answer.equals(row.verdict(who))) {
          wrong.add(row + ": " + who + " gets " + answer + ", not " + row.verdict(who));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** A new RPC needs a row. */
  @Test
  void sec01EveryServedRpcHasARow() {
    Set<String> known = new HashSet<>();
    rows().forEach(row -> known.add(row.method().getFullMethodName()));
    Set<String> served = new TreeSet<>();
    for (var service : bench.one.server.services()) {
      for (MethodDescriptor<?, ?> method : service.getServiceDescriptor().getMethods()) {
        served.add(method.getFullMethodName());
      }
    }
    assertThat(served).hasSizeGreaterThan(50).isSubsetOf(known);
  }

  @Test
  void rowsHaveDifferentNames() {
    assertThat(rows().stream().map(AccessRow::toString)).doesNotHaveDuplicates();
  }
}
