package io.balsa.forms;

import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.balsa.proto.etcdserverpb.LeaseGrantResponse;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.balsa.proto.etcdserverpb.LeaseLeasesResponse;
import io.balsa.proto.etcdserverpb.LeaseStatus;
import io.balsa.proto.etcdserverpb.LeaseTimeToLiveResponse;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.ResponseOp;
import io.balsa.proto.etcdserverpb.TxnResponse;
import io.balsa.proto.etcdserverpb.WatchResponse;
import io.balsa.proto.mvccpb.Event;
import java.io.IOException;

/**
 * The form {@code json} as etcdctl 3.7 prints it. Most answers have the protocol's own field names.
 * Answers about leases, watches and transactions have other ones.
 */
final class JsonForm {
  private JsonForm() {}

  /**
   * Writes an answer.
   *
   * @param hex whether ids are wanted in hexadecimal; etcdctl does so in answers about members
   */
  static void write(JsonWriter out, Message answer, boolean hex) throws IOException {
    if (!hex || !MemberText.writeHex(out, answer)) {
      write(out, answer);
    }
  }

  private static void write(JsonWriter out, Message answer) throws IOException {
    out.beginObject();
    switch (answer) {
      case LeaseGrantResponse it -> {
        header(out, it.getHeader()).name("ID").value(it.getID()).name("TTL").value(it.getTTL());
        out.name("Error").value(it.getError());
      }
      case LeaseKeepAliveResponse it ->
          header(out, it.getHeader()).name("ID").value(it.getID()).name("TTL").value(it.getTTL());
      case LeaseTimeToLiveResponse it -> timeToLive(out, it);
      case LeaseLeasesResponse it -> leases(out, it);
      case WatchResponse it -> watch(out, it);
      case TxnResponse it -> txn(out, it);
      default -> Json.writeFields(out, answer);
    }
    out.endObject();
  }

  private static JsonWriter header(JsonWriter out, ResponseHeader header) throws IOException {
    Json.writeFields(out, header);
    return out;
  }

  private static void timeToLive(JsonWriter out, LeaseTimeToLiveResponse answer)
      throws IOException {
    header(out, answer.getHeader()).name("id").value(answer.getID());
    out.name("ttl").value(answer.getTTL());
    out.name("granted-ttl").value(answer.getGrantedTTL());
    out.name("keys");
    if (answer.getKeysCount() == 0) {
      out.nullValue();
      return;
    }
    out.beginArray();
    for (ByteString key : answer.getKeysList()) {
      out.value(Json.base64(key));
    }
    out.endArray();
  }

  private static void leases(JsonWriter out, LeaseLeasesResponse answer) throws IOException {
    header(out, answer.getHeader()).name("leases").beginArray();
    for (LeaseStatus lease : answer.getLeasesList()) {
      out.beginObject().name("id").value(lease.getID()).endObject();
    }
    out.endArray();
  }

  private static void watch(JsonWriter out, WatchResponse answer) throws IOException {
    Json.write(out.name("Header"), answer.getHeader());
    out.name("Events").beginArray();
    for (Event event : answer.getEventsList()) {
      Json.write(out, event);
    }
    out.endArray();
    out.name("CompactRevision").value(answer.getCompactRevision());
    out.name("Canceled").value(answer.getCanceled());
    out.name("Created").value(answer.getCreated());
    out.name("CancelReason").value(answer.getCancelReason());
  }

  private static void txn(JsonWriter out, TxnResponse answer) throws IOException {
    Json.write(out.name("header"), answer.getHeader());
    if (answer.getSucceeded()) {
      out.name("succeeded").value(true);
    }
    if (answer.getResponsesCount() == 0) {
      return;
    }
    out.name("responses").beginArray();
    for (ResponseOp each : answer.getResponsesList()) {
      out.beginObject().name("Response").beginObject();
      if (each.hasResponseTxn()) {
        write(out.name("response_txn"), each.getResponseTxn());
      } else {
        Json.writeFields(out, each);
      }
      out.endObject().endObject();
    }
    out.endArray();
  }
}
