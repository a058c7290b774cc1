package io.balsa.ctl;

import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.report.Table;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers about leases as etcdctl prints them, or in a table. */
final class LeaseText {
  private LeaseText() {}

  static String of(LeaseGrantResponse answer) {
    return "lease %s granted with TTL(%ds)"
        .formatted(LeaseId.text(answer.getID()), answer.getTTL());
  }

  static String table(LeaseGrantResponse answer) {
    return new Table("lease", "granted")
        .row(LeaseId.text(answer.getID()), seconds(answer.getTTL()))
        .text();
  }

  static String of(LeaseKeepAliveResponse answer) {
    return answer.getTTL() > 0
        ? "lease %s keepalived with TTL(%d)"
            .formatted(LeaseId.text(answer.getID()), answer.getTTL())
        : "";
  }

  static String of(LeaseTimeToLiveResponse answer, boolean keys) {
    String id = LeaseId.text(answer.getID());
    if (answer.getTTL() < 0) {
      return "lease " + id + " already expired";
    }
    String text =
        "lease %s granted with TTL(%ds), remaining(%ds)"
            .formatted(id, answer.getGrantedTTL(), answer.getTTL());
    return keys ? text + ", attached keys([" + keys(answer) + "])" : text;
  }

  static String table(LeaseTimeToLiveResponse answer) {
    return new Table("lease", "granted", "remaining", "keys")
        .row(
            LeaseId.text(answer.getID()),
            seconds(answer.getGrantedTTL()),
            answer.getTTL() < 0 ? "expired" : seconds(answer.getTTL()),
            keys(answer))
        .text();
  }

  private static String keys(LeaseTimeToLiveResponse answer) {
    return answer.getKeysList().stream()
        .map(key -> key.toStringUtf8())
        .collect(Collectors.joining(" "));
  }

  static String of(LeaseLeasesResponse answer) {
    return Stream.concat(Stream.of("found " + answer.getLeasesCount() + " leases"), ids(answer))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  static String table(LeaseLeasesResponse answer) {
    Table table = new Table("lease");
    ids(answer).forEach(table::row);
    return table.text();
  }

  private static Stream<String> ids(LeaseLeasesResponse answer) {
    return answer.getLeasesList().stream().map(lease -> LeaseId.text(lease.getID()));
  }

  private static String seconds(long seconds) {
    return seconds + " s";
  }
}
