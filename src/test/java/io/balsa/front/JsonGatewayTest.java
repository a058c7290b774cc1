package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class JsonGatewayTest {
  private final JsonGateway gateway =
      new JsonGateway(
          List.of(
              new TinyKv().bindService(), WatchGrpc.bindService(new WatchGrpc.AsyncService() {})),
          List.of());

  @Test
  void bytesAreBase64NumbersAreStringsAndZerosAreLeftOut() {
    assertThat(post("/v3/kv/put", "{\"key\":\"Zm9v\",\"lease\":\"12\"}"))
        .isEqualTo(
            "200 {\"header\":{\"member_id\":\"18446744073709551615\",\"revision\":\"7\"},"
                + "\"prev_kv\":{\"key\":\"Zm9v\",\"lease\":\"12\"}}");
  }

  @Test
  void numbersMayBeNumbersAndUnknownFieldsAreIgnored() {
    assertThat(post("/v3/kv/put", "{\"key\":\"Zm9v\",\"lease\":12,\"x\":{\"y\":[1]}}"))
        .startsWith("200 ")
        .endsWith("\"prev_kv\":{\"key\":\"Zm9v\",\"lease\":\"12\"}}");
  }

  @Test
  void theOldPathIsTheSamePlace() {
    assertThat(post("/v3beta/kv/put", "{}")).startsWith("200 ").endsWith("\"prev_kv\":{}}");
    assertThat(post("/v3/kv/put", "")).startsWith("200 ");
  }

  @Test
  void errorsHaveCodeAndMessage() {
    assertThat(post("/v3/kv/range", "{\"key\":\"Zm9v\",\"sort_target\":3}"))
        .isEqualTo("400 {\"code\":3,\"message\":\"foo\"}");
    assertThat(post("/v3/kv/range", "{\"key\":\"Zm9v\",\"sort_target\":\"VERSION\"}"))
        .isEqualTo("499 {\"code\":1,\"message\":\"foo\"}");
    assertThat(post("/v3/kv/range", "{\"key\":\"Zm9v\",\"sort_target\":14}"))
        .isEqualTo("503 {\"code\":14,\"message\":\"foo\"}");
  }

  @Test
  void textsOfErrorsAreEscapedAsThoseOfAnswers() {
    assertThat(post("/v3/kv/put", "{\"lease\":\"<&>='\u00e9\"}"))
        .endsWith(" \\\"\\u003c\\u0026\\u003e\\u003d\\u0027\u00e9\\\"\"}");
  }

  @Test
  void malformedJsonIsAnInvalidArgument() {
    assertThat(post("/v3/kv/range", "{\"key\":"))
        .startsWith("400 {\"code\":3,\"message\":\"")
        .doesNotContain("\\n");
    assertThat(post("/v3/kv/put", "{\"key\":[]}")).startsWith("400 {\"code\":3,");
    assertThat(post("/v3/kv/put", "{\"lease\":\"no number\"}")).startsWith("400 {\"code\":3,");
  }

  @Test
  void textsAndTruthValuesAreNotTakenForEachOther() {
    assertThat(post("/v3/kv/put", "{\"key\":true}"))
        .isEqualTo("400 {\"code\":3,\"message\":\"malformed JSON: key takes a text in quotes\"}");
    assertThat(post("/v3/kv/put", "{\"key\":1234}")).startsWith("400 {\"code\":3,");
    assertThat(post("/v3/kv/put", "{\"prevKv\":\"true\"}"))
        .isEqualTo("400 {\"code\":3,\"message\":\"malformed JSON: prev_kv takes true or false\"}");
    assertThat(post("/v3/kv/txn", "{\"success\":[{\"request_put\":{\"key\":12}}]}"))
        .startsWith("400 {\"code\":3,");
    assertThat(post("/v3/kv/put", "{\"key\":null,\"prev_kv\":true,\"x\":1}")).startsWith("200 ");
  }

  @Test
  void unknownPathsMethodsAndStreamsAreRefused() {
    assertThat(post("/v3/kv/nothing", "{}"))
        .isEqualTo("404 {\"code\":5,\"message\":\"Not Found\"}");
    assertThat(call("GET", "/v3/kv/put", ""))
        .isEqualTo("501 {\"code\":12,\"message\":\"Method Not Allowed\"}");
    assertThat(post("/v3/watch", "{}")).startsWith("501 {\"error\":{\"code\":12,");
  }

  @Test
  void everyCodeHasAStatus() {
    for (Status.Code code : Status.Code.values()) {
      assertThat(JsonGateway.httpStatus(code)).isBetween(200, 599);
    }
  }

  private String post(String path, String body) {
    return call("POST", path, body);
  }

  private String call(String method, String path, String body) {
    AtomicReference<String> answer = new AtomicReference<>("none");
    gateway.answer(
        new HttpRequest(method, path, Map.of(), Map.of(), Bytes.utf8(body)),
        response -> answer.set(response.status() + " " + response.body().utf8()));
    return String.valueOf(answer.get());
  }
}
