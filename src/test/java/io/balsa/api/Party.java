package io.balsa.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that is asked, etcd or Balsa. Its answers come without what may differ: whose it is. */
final class Party implements AutoCloseable {
  private static final Pattern IDENTITY =
      Pattern.compile("\"(cluster_id|member_id|raft_term|leader_id)\":\"\\d+\",?");
  private static final Pattern ERROR =
      Pattern.compile("\\{(?:\"error\":\".*\",)?\"message\":(\".*\"),\"code\":(\\d+)\\}");
  private static final Pattern REVISION = Pattern.compile("revision: (\\d+)");
  private static final Pattern JSON_REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");

  private final ManagedChannel channel;
  private final HttpClient http;
  private final URI uri;

  Party(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    uri = URI.create("http://127.0.0.1:" + port + "/v3/kv/");
  }

  /** The answer as one line of text. */
  String ask(Step step) {
    return step.json() ? askJson(step) : askGrpc(step);
  }

  private String askGrpc(Step step) {
    try {
      Message response =
          step.rpc()
              .call(
                  KVGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS),
                  step.request());
      Message anonymous = anonymous(response);
      return "ok " + TextFormat.printer().emittingSingleLine(true).printToString(anonymous);
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      return status.getCode() + " " + status.getDescription();
    }
  }

  private static Message anonymous(Message response) {
    FieldDescriptor field = response.getDescriptorForType().findFieldByName("header");
    ResponseHeader header = (ResponseHeader) response.getField(field);
    return response.toBuilder()
        .setField(
            field,
            header.toBuilder()
                .clearClusterId()
                .clearMemberId()
                .clearRaftTerm()
                .clearLeaderId()
                .build())
        .build();
  }

  private String askJson(Step step) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(uri.resolve(step.rpc().path))
              .POST(HttpRequest.BodyPublishers.ofString(JsonFormat.printer().print(step.request())))
              .build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
      return "http " + response.statusCode() + " " + anonymous(response.body());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a request prints as JSON", e);
    } catch (IOException e) {
      return "broken " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** etcd 3.4 repeats an error's text and orders its fields in another way than 3.6. */
  private static String anonymous(String json) {
    Matcher error = ERROR.matcher(json);
    if (error.matches()) {
      return "{\"code\":" + error.group(2) + ",\"message\":" + error.group(1) + "}";
    }
    return IDENTITY.matcher(json).replaceAll("").replace(",}", "}");
  }

  /** The revision in an answer's header; 0 when it has none. */
  static long revisionIn(String answer) {
    Matcher matcher = (answer.startsWith("http") ? JSON_REVISION : REVISION).matcher(answer);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  @Override
  public void close() {
    http.close();
    channel.shutdownNow();
  }
}
