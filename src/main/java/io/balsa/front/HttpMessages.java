package io.balsa.front;

import io.balsa.bytes.Bytes;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Translates requests and answers between Netty and the handlers. */
final class HttpMessages {
  private HttpMessages() {}

  /**
   * How an answer is sent.
   *
   * @param keepAlive whether the connection stays open
   * @param head whether only the head is wanted
   * @param headers what is added to the answer's own headers
   */
  record Manner(boolean keepAlive, boolean head, Map<String, String> headers) {}

  static HttpRequest request(FullHttpRequest request) {
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    Map<String, String> headers = new HashMap<>();
    request.headers().forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue()));
    Bytes body = Bytes.wrap(ByteBufUtil.getBytes(request.content()));
    return new HttpRequest(request.method().name(), uri.path(), uri.parameters(), headers, body);
  }

  static FullHttpResponse whole(HttpResponse response, Manner manner) {
    Bytes body = manner.head() ? Bytes.EMPTY : response.body();
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            Unpooled.wrappedBuffer(body.buffer()));
    setHeaders(message, response, manner);
    return message;
  }

  static io.netty.handler.codec.http.HttpResponse head(HttpResponse response, Manner manner) {
    var head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
    setHeaders(head, response, manner);
    return head;
  }

  private static void setHeaders(HttpMessage message, HttpResponse response, Manner manner) {
    manner.headers().forEach((name, value) -> message.headers().set(name, value));
    response.headers().forEach((name, value) -> message.headers().set(name, value));
    message.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    message.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().size());
    HttpUtil.setKeepAlive(message, manner.keepAlive());
  }

  /** The head of an answer of unknown length. */
  static HttpMessage streamHead(int status, String contentType, Manner manner) {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    manner.headers().forEach((name, value) -> head.headers().set(name, value));
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    HttpUtil.setTransferEncodingChunked(head, true);
    HttpUtil.setKeepAlive(head, manner.keepAlive());
    return head;
  }
}
