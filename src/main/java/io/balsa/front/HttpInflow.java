package io.balsa.front;

import io.balsa.budget.RequestBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses the requests of an HTTP/1.1 connection, one at a time. While a request is answered, the
 * bytes after it are not parsed. A head is parsed when it is complete, so an unfinished one costs
 * only its bytes. A request that is too large is refused at the first byte over the limit, and the
 * rest of the connection is discarded.
 */
final class HttpInflow extends HttpRequestDecoder {
  /** The most bytes of a request line and its headers together. */
  static final int HEAD_BYTES_MAX = 8 << 10;

  /** The most lines of a head. */
  static final int HEAD_LINES_MAX = 100;

  /** Bytes of a chunked body that may come without content: chunk lines and trailers. */
  private static final int FRAMING_BYTES_MAX = 1 << 10;

  private final int bodyBytesMax;
  private final Requests requests;
  private boolean decoding;
  private boolean inBody;
  private boolean refused;
  private int refusal;

  /** Of the current head: examined bytes, complete lines, and bytes of the current line. */
  private int headBytes;

  private int headLines;
  private int lineBytes;

  /** Of the current body. */
  private long bodyBytes;

  private long framingBytes;

  /** The memory of the current request, in bytes. */
  private long arrived;

  private @Nullable ChannelHandlerContext place;

  /** The connection that answers the requests. */
  interface Requests {
    /** Whether a request is being answered. */
    boolean isAnswering();

    /** Bytes have been received. */
    void arrives(ChannelHandlerContext context);

    /** The number of kept bytes may have changed. */
    void count();
  }

  /**
   * @param bodyBytesMax the most bytes of a body
   */
  HttpInflow(int bodyBytesMax, Requests requests) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HEAD_BYTES_MAX)
            .setMaxHeaderSize(HEAD_BYTES_MAX));
    this.bodyBytesMax = bodyBytesMax;
    this.requests = requests;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    super.handlerAdded(context);
    place = context;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
    requests.arrives(context);
    decoding = true;
    try {
      super.channelRead(context, bytes);
    } finally {
      decoding = false;
      requests.count();
    }
  }

  /** Parses the next request in the received bytes, because the last one has been answered. */
  void goOn() {
    ChannelHandlerContext context = place;
    if (context == null || decoding || actualReadableBytes() == 0) {
      return;
    }
    try {
      channelRead(context, Unpooled.EMPTY_BUFFER);
    } catch (Exception e) { // thread root: a client's bytes end only its own connection
      context.fireExceptionCaught(e);
    }
  }

  /** The decoder would read more bytes even while none may be read. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (requests.isAnswering()) {
      context.fireChannelReadComplete();
    } else {
      super.channelReadComplete(context);
    }
  }

  /** The memory of the bytes that are not parsed, with their buffer. */
  long held() {
    return actualReadableBytes() > 0 ? internalBuffer().capacity() : 0;
  }

  /** Whether a part of a request has been received. */
  boolean isUnfinished() {
    return inBody || actualReadableBytes() > 0;
  }

  /** The memory of the current request so far, in bytes. */
  long arrived() {
    return arrived;
  }

  /** Returns the memory of a complete request, and counts it no longer. */
  long taken() {
    long taken = arrived;
    arrived = 0;
    return taken;
  }

  /** The HTTP status that refuses the last request; 0 if it is not refused. */
  int refusal() {
    return refusal;
  }

  /** Whether received bytes are discarded. */
  boolean isRefused() {
    return refused;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (refused) {
      in.skipBytes(in.readableBytes());
    } else if (!requests.isAnswering()) {
      if (inBody) {
        body(context, in, out);
      } else {
        head(context, in, out);
      }
    }
  }

  private void head(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
    if (headBytes == 0) {
      skipLineEnds(in);
    }
    boolean whole = lookAtHead(in);
    if (headBytes > HEAD_BYTES_MAX || headLines > HEAD_LINES_MAX) {
      refuse(431, in, out);
    } else if (whole) {
      ByteBuf head = in.readSlice(headBytes);
      arrived = headBytes;
      headBytes = 0;
      headLines = 0;
      super.decode(context, head, out);
      begin(head.isReadable() || out.isEmpty(), in, out);
    }
  }

  /** Some clients send a line end after a body. */
  private static void skipLineEnds(ByteBuf in) {
    while (in.isReadable() && isLineEnd(in.getByte(in.readerIndex()))) {
      in.skipBytes(1);
    }
  }

  private static boolean isLineEnd(byte b) {
    return b == '\r' || b == '\n';
  }

  /** Whether the head is complete: it ends with an empty line. */
  private boolean lookAtHead(ByteBuf in) {
    int most = Math.min(in.readableBytes(), HEAD_BYTES_MAX + 1);
    while (headBytes < most) {
      byte b = in.getByte(in.readerIndex() + headBytes++);
      if (b == '\n') {
        boolean blank = lineBytes == 0;
        lineBytes = 0;
        if (blank) {
          return true;
        }
        headLines++;
      } else if (b != '\r') {
        lineBytes++;
      }
    }
    return false;
  }

  private void begin(boolean garbled, ByteBuf in, List<Object> out) {
    if (garbled || !(out.getFirst() instanceof HttpRequest request)) {
      refuse(400, in, out);
    } else if (request.decoderResult().isFailure()) {
      refused = true; // the decoder's request goes on as it is
      refusal = 400;
    } else if (HttpUtil.getContentLength(request, 0L) > bodyBytesMax) {
      refuse(413, in, out);
    } else if (expectsOther(request)) {
      refuse(417, in, out);
    } else {
      inBody = !(out.getLast() instanceof LastHttpContent);
      bodyBytes = 0;
      framingBytes = 0;
    }
  }

  private static boolean expectsOther(HttpRequest request) {
    String expected = request.headers().get(HttpHeaderNames.EXPECT);
    return expected != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected);
  }

  private void body(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
    int before = in.readableBytes();
    super.decode(context, in, out);
    int taken = before - in.readableBytes();
    arrived += taken;
    framingBytes += taken;
    boolean failed = false;
    for (Object part : out) {
      if (part instanceof HttpContent content) {
        took(content);
      }
      failed |= part instanceof HttpObject object && object.decoderResult().isFailure();
    }
    if (failed) {
      refused = true;
      refusal = 400;
    } else if (bodyBytes > bodyBytesMax) {
      refuse(413, new DefaultLastHttpContent(), in, out);
    } else if (inBody && framingBytes > FRAMING_BYTES_MAX) {
      refuse(400, new DefaultLastHttpContent(), in, out);
    }
  }

  private void took(HttpContent content) {
    int bytes = content.content().readableBytes();
    if (bytes > 0) {
      arrived += RequestBudget.PIECE_BYTES;
      bodyBytes += bytes;
      framingBytes = 0;
    }
    inBody &= !(content instanceof LastHttpContent);
  }

  private void refuse(int status, ByteBuf in, List<Object> out) {
    refuse(status, new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"), in, out);
  }

  /**
   * Refuses the request. {@code ending} is the end of the request, or a request that stands for it.
   */
  private void refuse(int status, HttpObject ending, ByteBuf in, List<Object> out) {
    out.forEach(ReferenceCountUtil::release);
    out.clear();
    in.skipBytes(in.readableBytes());
    out.add(ending);
    refused = true;
    refusal = status;
    inBody = false;
  }
}
