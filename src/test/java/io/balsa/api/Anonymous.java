package io.balsa.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.balsa.proto.authpb.Permission;
import io.balsa.proto.etcdserverpb.AuthRoleGetResponse;
import io.balsa.proto.etcdserverpb.AuthenticateResponse;
import io.balsa.proto.etcdserverpb.HashKVResponse;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import io.balsa.proto.etcdserverpb.LeaseStatus;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.proto.etcdserverpb.MemberListResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes from answers what may differ: the member, times, and ids that the server chose. */
final class Anonymous {
  private static final Pattern IDENTITY =
      Pattern.compile("\"(cluster_id|member_id|raft_term|leader_id)\":\"\\d+\",?");
  private static final Pattern ERROR =
      Pattern.compile("\\{(?:\"error\":\".*\",)?\"message\":(\".*\"),\"code\":(\\d+)\\}");

  /** A text, or space between texts. */
  private static final Pattern SPACE = Pattern.compile("(\"(?:[^\"\\\\]|\\\\.)*+\")|\\s++");

  private static final Pattern CODE = Pattern.compile("\"(?:grpc_)?code\":(\\d+)");
  private static final Pattern MESSAGE = Pattern.compile("\"message\":(\"[^\"]*\")");
  private static final Pattern REVISION = Pattern.compile("revision: (\\d+)");
  private static final Pattern JSON_REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");

  /** Large ids were chosen by the server. */
  private static final long GIVEN_ID_MAX = 1_000;

  private Anonymous() {}

  static Message message(Message response) {
    Message nameless = header(response);
    return switch (nameless) {
      case LeaseTimeToLiveResponse time -> time(time);
      case LeaseLeasesResponse leases -> leases(leases);
      // the hash is Balsa's own
      case HashKVResponse hash -> hash.toBuilder().clearHash().build();
      case LeaseGrantResponse grant when !given(grant.getID()) ->
          grant.toBuilder().clearID().build();
      case AuthenticateResponse login -> login.toBuilder().setToken("…").build();
      // sizes, versions and places in the log
      case StatusResponse status ->
          StatusResponse.newBuilder().setHeader(status.getHeader()).build();
      case MemberListResponse members -> members.toBuilder().clearMembers().build();
      case AuthRoleGetResponse role -> sorted(role);
      default -> nameless;
    };
  }

  /** etcd sorts more than 12 in an order of its own, which stays when some are revoked. */
  private static Message sorted(AuthRoleGetResponse role) {
    List<Permission> all =
        role.getPermList().stream().sorted(Comparator.comparing(Step::text)).toList();
    return role.toBuilder().clearPerm().addAllPerm(all).build();
  }

  private static boolean given(long id) {
    return Math.abs(id) <= GIVEN_ID_MAX || id == Long.MAX_VALUE;
  }

  private static Message header(Message response) {
    FieldDescriptor field = response.getDescriptorForType().findFieldByName("header");
    if (!response.hasField(field)) {
      return response;
    }
    ResponseHeader.Builder header = ((ResponseHeader) response.getField(field)).toBuilder();
    header.clearClusterId().clearMemberId().clearRaftTerm().clearLeaderId();
    return response.toBuilder().setField(field, header.build()).build();
  }

  /** A remaining time is compared only with zero. */
  private static Message time(LeaseTimeToLiveResponse time) {
    List<ByteString> keys =
        time.getKeysList().stream().sorted(ByteString.unsignedLexicographicalComparator()).toList();
    return time.toBuilder()
        .setTTL(time.getTTL() > 0 ? 1 : time.getTTL())
        .clearKeys()
        .addAllKeys(keys)
        .build();
  }

  private static Message leases(LeaseLeasesResponse leases) {
    List<LeaseStatus> known =
        leases.getLeasesList().stream()
            .filter(lease -> given(lease.getID()))
            .sorted(Comparator.comparingLong(LeaseStatus::getID))
            .toList();
    return leases.toBuilder().clearLeases().addAllLeases(known).build();
  }

  /** etcd 3.4 has another HTTP status than 3.6 for a failed precondition. */
  static String status(HttpResponse<String> response) {
    return "http " + (response.statusCode() == 412 ? 400 : response.statusCode()) + " ";
  }

  /** Without the spaces between texts, which etcd puts at random places since 3.6. */
  static String withoutSpaces(String json) {
    return SPACE.matcher(json).replaceAll("$1");
  }

  /** etcd 3.4 repeats an error's text and orders its fields in another way than 3.6. */
  static String json(String spaced) {
    String json = withoutSpaces(spaced);
    Matcher error = ERROR.matcher(json);
    if (error.matches()) {
      return "{\"code\":" + error.group(2) + ",\"message\":" + error.group(1) + "}";
    }
    return IDENTITY.matcher(json).replaceAll("").replace(",}", "}");
  }

  /** As {@link #json(String)}, without the error text of a JSON parser. */
  static String typed(String json) {
    return json(json)
        .replaceFirst("\"ID\":\"\\d{10,19}\"", "\"ID\":…")
        .replaceFirst("\"message\":\"(?!etcdserver).*\"", "\"message\":…");
  }

  /** As {@link #json(String)}, for a call whose answer may differ. */
  static String json(Rpc rpc, String json) {
    if (json.contains("\"code\":")) {
      return json(json);
    }
    return switch (rpc) {
      case TIME_TO_LIVE, LEASES, GRANT, HASH_KV, STATUS, MEMBERS, AUTHENTICATE, ROLE_GET ->
          Step.text(message(parse(rpc, json)));
      default -> json(json);
    };
  }

  static Message parse(Rpc rpc, String json) {
    Message.Builder response = rpc.response();
    try {
      JsonFormat.parser().merge(json, response);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an answer is JSON: " + json, e);
    }
    return response.build();
  }

  /** A failure of a stream: etcd 3.4 and 3.6 use different fields. */
  static String failure(String json) {
    Matcher code = CODE.matcher(json);
    Matcher message = MESSAGE.matcher(json);
    return (code.find() ? code.group(1) : "?") + " " + (message.find() ? message.group(1) : "?");
  }

  /** A key with the id of a lease that the server chose. */
  static String key(ByteString key) {
    return key.toStringUtf8().replaceFirst("/[0-9a-f]{10,}$", "/chosen");
  }

  /** The revision in an answer's header; 0 when it has none. */
  static long revisionIn(String answer) {
    Matcher matcher = (answer.startsWith("http") ? JSON_REVISION : REVISION).matcher(answer);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
