package io.balsa.ctl.cluster;

import com.google.gson.stream.JsonWriter;
import io.balsa.bytes.HostPort;
import io.balsa.client.EtcdCalls;
import io.balsa.client.RequestFailed;
import io.balsa.ctl.ClientOptions;
import io.balsa.ctl.Colours;
import io.balsa.ctl.FailureText;
import io.balsa.forms.Json;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.StatusResponse;
import io.balsa.report.Table;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Help.Ansi.Text;

/**
 * The status of one server.
 *
 * @param name its name in the member list; its id when it has none there
 * @param status empty when it did not answer
 * @param failure why it did not answer; empty when it did
 */
record ServerStatus(
    HostPort address, String name, Optional<StatusResponse> status, String failure) {
  static ServerStatus of(
      HostPort address,
      ClientOptions client,
      CompletableFuture<StatusResponse> status,
      CompletableFuture<MemberListResponse> members) {
    try {
      StatusResponse answer = EtcdCalls.await(status);
      return new ServerStatus(address, name(answer, members), Optional.of(answer), "");
    } catch (RequestFailed failed) {
      return new ServerStatus(
          address, "-", Optional.empty(), FailureText.behindName(failed, address, client));
    }
  }

  /** A server without a quorum cannot list its members in time; its id is shown then. */
  private static String name(StatusResponse status, CompletableFuture<MemberListResponse> members) {
    long id = status.getHeader().getMemberId();
    String hex = Long.toHexString(id);
    try {
      return EtcdCalls.await(members).getMembersList().stream()
          .filter(member -> member.getID() == id && !member.getName().isEmpty())
          .map(Member::getName)
          .findFirst()
          .orElse(hex);
    } catch (RequestFailed _) {
      return hex;
    }
  }

  boolean isUp() {
    return status.isPresent();
  }

  /** What is wrong, one line each. */
  List<String> trouble() {
    if (status.isEmpty()) {
      return List.of(address + ": " + failure);
    }
    return status.get().getErrorsList().stream().map(error -> address + ": " + error).toList();
  }

  /** A table of several servers. */
  static Table table(List<ServerStatus> all, Colours colours) {
    long newest =
        all.stream()
            .flatMap(each -> each.status.stream())
            .mapToLong(StatusResponse::getRaftIndex)
            .max()
            .orElse(0);
    Table table = new Table("endpoint", "member", "role", "term", "log", "applied", "lag", "size");
    all.forEach(each -> table.row(each.row(newest, colours)));
    return table;
  }

  private List<Text> row(long newest, Colours colours) {
    if (status.isEmpty()) {
      Text none = Table.cell("-");
      return List.of(
          Table.cell(address.toString()),
          Table.cell(name),
          colours.bad("down"),
          none,
          none,
          none,
          none,
          none);
    }
    StatusResponse it = status.get();
    return List.of(
        Table.cell(address.toString()),
        Table.cell(name),
        role(it, colours),
        unsigned(it.getRaftTerm()),
        unsigned(it.getRaftIndex()),
        unsigned(it.getRaftAppliedIndex()),
        unsigned(Math.max(0, newest - it.getRaftAppliedIndex())),
        Table.cell(size(it.getDbSize())));
  }

  private static Text unsigned(long number) {
    return Table.cell(Long.toUnsignedString(number));
  }

  private static Text role(StatusResponse status, Colours colours) {
    if (status.getLeader() == 0) {
      return colours.bad("no leader");
    }
    if (status.getIsLearner()) {
      return Table.cell("learner");
    }
    boolean leads = status.getLeader() == status.getHeader().getMemberId();
    return leads ? colours.good("leader") : Table.cell("follower");
  }

  /** Bytes in a readable unit. */
  static String size(long bytes) {
    if (bytes < 1_024) {
      return bytes + " B";
    }
    double size = bytes;
    String unit = "";
    for (String next : List.of("KiB", "MiB", "GiB", "TiB")) {
      if (size < 1_024) {
        break;
      }
      size /= 1_024;
      unit = next;
    }
    return String.format(Locale.ROOT, "%.1f %s", size, unit);
  }

  /** As {@code etcdctl endpoint status -w json} prints several. */
  static String json(List<ServerStatus> all) {
    return Json.text(
        out -> {
          out.beginArray();
          for (ServerStatus each : all) {
            each.writeTo(out);
          }
          out.endArray();
        });
  }

  private void writeTo(JsonWriter out) throws IOException {
    out.beginObject();
    out.name("Endpoint").value(address.toString());
    if (status.isPresent()) {
      Json.write(out.name("Status"), status.get());
    } else {
      out.name("Error").value(failure);
    }
    out.endObject();
  }
}
