package io.balsa.drill;

import io.balsa.check.History;
import io.balsa.check.LinearizabilityChecker;
import io.balsa.check.Model;
import io.balsa.check.Verdict;
import io.balsa.client.RequestFailed;
import io.balsa.processes.Awaiting;
import io.balsa.processes.ClusterProcesses;
import io.balsa.processes.InstrumentFailure;
import io.balsa.processes.PlainEndpoint;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The check of the store and the history after the load has ended. */
record FinalCheck(
    WriteAudit audit, boolean hashesEqual, boolean linearizable, List<String> broken) {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  static FinalCheck of(ClusterProcesses cluster, DrillLoad load, int leader) {
    try {
      return check(cluster, load, leader);
    } catch (RequestFailed failed) {
      throw new InstrumentFailure("a server does not answer: " + failed.getMessage(), failed);
    }
  }

  private static FinalCheck check(ClusterProcesses cluster, DrillLoad load, int leader)
      throws RequestFailed {
    List<String> broken = new ArrayList<>();
    boolean equal = hashesAreEqual(cluster, leader, broken);
    long revision = cluster.endpoint(leader).status(LIMIT).getHeader().getRevision();
    AppliedPuts applied = AppliedPuts.read(cluster.endpoint(leader), revision);
    WriteAudit audit = WriteAudit.of(load.acked(), applied);
    count(broken, audit.missing(), "acknowledged writes are missing");
    count(broken, audit.duplicated(), "values were written more than once");
    count(broken, audit.reordered(), "acknowledged writes happened in another order");
    History history = applied.settle(load.history());
    Verdict verdict = new LinearizabilityChecker(Model.kv()).check(history);
    if (!verdict.isOk()) {
      cluster.note("history.txt", history.toText());
      broken.add("the history is not proven linearizable: " + verdict);
    }
    return new FinalCheck(audit, equal, verdict.isOk(), List.copyOf(broken));
  }

  private static void count(List<String> broken, int number, String what) {
    if (number > 0) {
      broken.add(number + " " + what);
    }
  }

  private static boolean hashesAreEqual(ClusterProcesses cluster, int leader, List<String> broken)
      throws RequestFailed {
    StatusResponse ahead = cluster.endpoint(leader).status(LIMIT);
    long revision = ahead.getHeader().getRevision();
    List<String> hashes = new ArrayList<>();
    for (int server : cluster.numbers()) {
      Awaiting.until(
          "server " + server + " at revision " + revision,
          ClusterUnderLoad.PATIENCE,
          () -> hasApplied(cluster.endpoint(server), ahead.getRaftIndex()));
      hashes.add(Integer.toHexString(cluster.endpoint(server).hashKv(revision, LIMIT).getHash()));
    }
    boolean equal = hashes.stream().distinct().count() == 1;
    if (!equal) {
      broken.add(
          hashes.stream().collect(Collectors.joining(", ", "the servers' hashes differ: ", "")));
    }
    return equal;
  }

  private static boolean hasApplied(PlainEndpoint endpoint, long index) {
    try {
      return endpoint.status(LIMIT).getRaftAppliedIndex() >= index;
    } catch (RequestFailed _) {
      endpoint.reconnect();
      return false;
    }
  }
}
