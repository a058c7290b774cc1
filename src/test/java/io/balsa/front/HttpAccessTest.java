package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HttpAccessTest {
  private static final HttpAccess ONE_PAGE =
      new HttpAccess(Set.of("http://ui.example"), Set.of("*"));
  private static final HttpAccess ALL_PAGES = new HttpAccess(Set.of("*"), Set.of("*"));

  private static HttpRequest request(String method, String... headers) {
    Map<String, String> all = new HashMap<>(Map.of("host", "127.0.0.1:2379"));
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return new HttpRequest(method, "/v3/kv/put", Map.of(), all, Bytes.EMPTY);
  }

  private static String refusal(HttpAccess access, HttpRequest request) {
    HttpResponse answer = access.refusal(request);
    return answer == null ? "none" : answer.status() + " " + answer.body().utf8();
  }

  @Test
  void programsAreServedWhateverTheirContentType() {
    assertThat(refusal(HttpAccess.DEFAULT, request("POST"))).isEqualTo("none");
    assertThat(
            refusal(
                HttpAccess.DEFAULT,
                request("POST", "content-type", "application/x-www-form-urlencoded")))
        .isEqualTo("none");
    assertThat(refusal(HttpAccess.DEFAULT, request("POST", "sec-fetch-site", "none")))
        .as("typed by the user")
        .isEqualTo("none");
  }

  @Test
  void sec18AFormOfAnotherPageIsRefused() {
    HttpRequest form =
        request("POST", "origin", "http://evil.example", "content-type", "text/plain");
    assertThat(refusal(HttpAccess.DEFAULT, form))
        .isEqualTo(
            "403 {\"code\":7,\"message\":\"balsa: requests of web pages are refused, this one of"
                + " http://evil.example\"}");
    assertThat(refusal(ONE_PAGE, form)).startsWith("403 ");
    assertThat(refusal(ALL_PAGES, form)).isEqualTo("none");
    assertThat(refusal(HttpAccess.DEFAULT, request("PUT", "origin", "null"))).startsWith("403 ");
    assertThat(refusal(HttpAccess.DEFAULT, request("POST", "sec-fetch-site", "cross-site")))
        .startsWith("403 ");
    assertThat(refusal(ALL_PAGES, request("POST", "sec-fetch-site", "cross-site")))
        .isEqualTo("none");
  }

  /** The page's own host name points to this server: its origin equals the Host header. */
  @Test
  void sec18AReboundNameIsRefused() {
    HttpRequest rebound =
        request("POST", "origin", "http://evil.example:2379", "host", "evil.example:2379");
    assertThat(refusal(HttpAccess.DEFAULT, rebound)).startsWith("403 ");
  }

  @Test
  void pagesMayAskButOnlyTheAllowedOnesCanReadTheAnswer() {
    HttpRequest foreign = request("GET", "origin", "http://evil.example");
    assertThat(refusal(HttpAccess.DEFAULT, foreign)).isEqualTo("none");
    assertThat(HttpAccess.DEFAULT.headers(foreign)).isEmpty();
    assertThat(ONE_PAGE.headers(foreign)).isEmpty();
    assertThat(ONE_PAGE.headers(request("GET", "origin", "http://ui.example")))
        .containsEntry("access-control-allow-origin", "http://ui.example")
        .containsEntry("access-control-allow-methods", "POST, GET, OPTIONS, PUT, DELETE")
        .containsEntry("access-control-allow-headers", "accept, content-type, authorization");
    assertThat(ALL_PAGES.headers(foreign)).containsEntry("access-control-allow-origin", "*");
    assertThat(ALL_PAGES.headers(request("GET"))).isEmpty();
  }

  @Test
  void anAllowedOriginMayBeWrittenInUpperCase() {
    HttpAccess access = new HttpAccess(Set.of("HTTP://UI.example"), Set.of("*"));
    assertThat(refusal(access, request("POST", "origin", "http://ui.example"))).isEqualTo("none");
  }

  /** GET and HEAD name no origin in the page's own site; only the host name tells. */
  @Test
  void aReboundNameCanReadPagesUnlessTheHostsAreListed() {
    HttpRequest rebound = request("GET", "host", "evil.example:2379");
    assertThat(refusal(HttpAccess.DEFAULT, rebound)).isEqualTo("none");
    HttpAccess some = new HttpAccess(Set.of(), Set.of("localhost"));
    assertThat(refusal(some, rebound)).startsWith("421 ");
  }

  @Test
  void aBrowsersQuestionBeforeTheRequestIsAnswered() {
    HttpRequest question = request("OPTIONS", "origin", "http://ui.example");
    assertThat(refusal(ONE_PAGE, question)).isEqualTo("200 ");
    assertThat(refusal(HttpAccess.DEFAULT, question)).startsWith("403 ");
  }

  @Test
  void onlyTheListedHostsAreServed() {
    HttpAccess some = new HttpAccess(Set.of(), Set.of("LocalHost", "etcd.example", "::1"));
    for (String host : List.of("localhost:2379", "etcd.example", "ETCD.example:1", "[::1]:2379")) {
      assertThat(refusal(some, request("GET", "host", host))).as(host).isEqualTo("none");
    }
    assertThat(refusal(some, request("GET", "host", "evil.example:2379")))
        .isEqualTo("421 balsa: requests for the host evil.example are refused\n");
    assertThat(HttpAccess.hostName(null)).isEmpty();
    assertThat(HttpAccess.hostName("[::1")).isEqualTo("[::1");
  }
}
