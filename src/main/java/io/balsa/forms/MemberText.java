package io.balsa.forms;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.Member;
import io.balsa.proto.etcdserverpb.MemberAddResponse;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.MemberPromoteResponse;
import io.balsa.proto.etcdserverpb.MemberRemoveResponse;
import io.balsa.proto.etcdserverpb.MemberUpdateResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.report.Table;
import java.io.IOException;
import java.util.List;

/** Answers about members in etcdctl's forms. */
public final class MemberText {
  private MemberText() {}

  /** A line for each member: id, state, name, peer URLs, client URLs, whether it is a learner. */
  public static void print(Lines lines, MemberListResponse answer) {
    table(answer).rows().forEach(row -> lines.line(String.join(", ", row)));
  }

  /** A row for each member. */
  public static Table table(MemberListResponse answer) {
    Table table = new Table("ID", "status", "name", "peer addrs", "client addrs", "is learner");
    for (Member each : answer.getMembersList()) {
      table.row(
          Long.toHexString(each.getID()),
          each.getName().isEmpty() ? "unstarted" : "started",
          each.getName(),
          String.join(",", each.getPeerURLsList()),
          String.join(",", each.getClientURLsList()),
          String.valueOf(each.getIsLearner()));
    }
    return table;
  }

  static void fields(FieldsForm form, MemberListResponse answer) {
    form.header(answer.getHeader());
    for (Member each : answer.getMembersList()) {
      form.id("ID", each.getID()).quoted("Name", each.getNameBytes());
      for (ByteString url : each.getPeerURLsList().asByteStringList()) {
        form.quoted("PeerURL", url);
      }
      for (ByteString url : each.getClientURLsList().asByteStringList()) {
        form.quoted("ClientURL", url);
      }
      form.field("IsLearner", String.valueOf(each.getIsLearner())).lines().line("");
    }
  }

  /** Writes an answer about members with hexadecimal ids. Returns false for any other answer. */
  static boolean writeHex(JsonWriter out, Message answer) throws IOException {
    switch (answer) {
      case MemberListResponse it -> write(out, it.getHeader(), List.of(), it.getMembersList());
      case MemberAddResponse it ->
          write(out, it.getHeader(), List.of(it.getMember()), it.getMembersList());
      case MemberRemoveResponse it -> write(out, it.getHeader(), List.of(), it.getMembersList());
      case MemberUpdateResponse it -> write(out, it.getHeader(), List.of(), it.getMembersList());
      case MemberPromoteResponse it -> write(out, it.getHeader(), List.of(), it.getMembersList());
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void write(
      JsonWriter out, ResponseHeader header, List<Member> added, List<Member> all)
      throws IOException {
    out.beginObject().name("header").beginObject();
    out.name("cluster_id").value(Long.toHexString(header.getClusterId()));
    out.name("member_id").value(Long.toHexString(header.getMemberId()));
    if (header.getRevision() != 0) {
      out.name("revision").value(header.getRevision());
    }
    if (header.getRaftTerm() != 0) {
      out.name("raft_term").value(header.getRaftTerm());
    }
    out.endObject();
    for (Member each : added) {
      write(out.name("member"), each);
    }
    out.name("members").beginArray();
    for (Member each : all) {
      write(out, each);
    }
    out.endArray().endObject();
  }

  private static void write(JsonWriter out, Member member) throws IOException {
    out.beginObject().name("ID").value(Long.toHexString(member.getID()));
    Json.writeFields(out, member.toBuilder().clearID().build());
    out.endObject();
  }
}
