package io.balsa.forms;

import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.report.Table;
import java.util.stream.Collectors;

/** Answers about leases in the form {@code simple}, or in a table. */
public final class LeaseText {
  private LeaseText() {}

  /** An id as etcdctl writes it: sixteen hexadecimal digits. */
  public static String id(long id) {
    return "%016x".formatted(id);
  }

  public static String of(LeaseGrantResponse answer) {
    return "lease %s granted with TTL(%ds)".formatted(id(answer.getID()), answer.getTTL());
  }

  public static Table table(LeaseGrantResponse answer) {
    return new Table("lease", "granted").row(id(answer.getID()), seconds(answer.getTTL()));
  }

  public static String of(LeaseKeepAliveResponse answer) {
    return "lease %s keepalived with TTL(%d)".formatted(id(answer.getID()), answer.getTTL());
  }

  /**
   * The times of a lease.
   *
   * @param keys whether to name its keys
   */
  public static String of(LeaseTimeToLiveResponse answer, boolean keys) {
    String id = id(answer.getID());
    if (answer.getTTL() < 0) {
      return "lease " + id + " already expired";
    }
    String text =
        "lease %s granted with TTL(%ds), remaining(%ds)"
            .formatted(id, answer.getGrantedTTL(), answer.getTTL());
    return keys ? text + ", attached keys([" + keys(answer) + "])" : text;
  }

  public static Table table(LeaseTimeToLiveResponse answer) {
    return new Table("lease", "granted", "remaining", "keys")
        .row(
            id(answer.getID()),
            seconds(answer.getGrantedTTL()),
            answer.getTTL() < 0 ? "expired" : seconds(answer.getTTL()),
            keys(answer));
  }

  private static String keys(LeaseTimeToLiveResponse answer) {
    return answer.getKeysList().stream()
        .map(key -> RawText.of(key.toByteArray()))
        .collect(Collectors.joining(" "));
  }

  /** How many leases there are, and a line for each. */
  public static void print(Lines lines, LeaseLeasesResponse answer) {
    lines.line("found " + answer.getLeasesCount() + " leases");
    answer.getLeasesList().forEach(lease -> lines.line(id(lease.getID())));
  }

  public static Table table(LeaseLeasesResponse answer) {
    Table table = new Table("lease");
    answer.getLeasesList().forEach(lease -> table.row(id(lease.getID())));
    return table;
  }

  private static String seconds(long seconds) {
    return seconds + " s";
  }
}
