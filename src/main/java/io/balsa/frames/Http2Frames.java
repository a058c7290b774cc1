package io.balsa.frames;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of an HTTP/2 connection and counts their unfinished bytes: of a frame, or of
 * headers that continue in a further frame. Netty keeps these bytes in memory until they are
 * complete.
 */
public final class Http2Frames {
  private static final int HEAD_BYTES = 9;
  private static final int TYPE_AT = 3;
  private static final int FLAGS_AT = 4;
  private static final int STREAM_AT = 5;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /**
   * Of the current frame: received bytes of its head, the fields of the head, and bytes still to
   * come.
   */
  private int headBytes;

  private int length;
  private int type;
  private int flags;
  private int stream;
  private int left;

  /** Bytes of complete frames whose headers continue. */
  private long headers;

  private long ended;
  private long idle;
  private long newResets;

  /** The last stream that began, and the last one that is no longer new. */
  private int lastStream;

  private int lastOld;

  /** Adds received bytes. */
  public void came(ByteBuf bytes, int from) {
    int end = bytes.writerIndex();
    for (int at = from; at < end; ) {
      if (headBytes < HEAD_BYTES) {
        head(bytes.getByte(at++) & 0xff);
      } else {
        int here = Math.min(left, end - at);
        at += here;
        left -= here;
      }
      if (headBytes == HEAD_BYTES && left == 0) {
        frameEnds();
      }
    }
  }

  private void head(int b) {
    if (headBytes < TYPE_AT) {
      length = length << Byte.SIZE | b;
      left = length;
    } else if (headBytes == TYPE_AT) {
      type = b;
    } else if (headBytes == FLAGS_AT) {
      flags = b;
    } else {
      // without the reserved first bit
      stream = headBytes == STREAM_AT ? b & Byte.MAX_VALUE : stream << Byte.SIZE | b;
    }
    headBytes++;
  }

  private void frameEnds() {
    if (isOfHeaders()) {
      boolean last = (flags & END_HEADERS) != 0;
      headers = last ? 0 : headers + HEAD_BYTES + length;
      ended += last ? 1 : 0;
      lastStream = Math.max(lastStream, stream);
    }
    if (isIdle()) {
      idle++;
    }
    newResets += type == RESET && stream > lastOld ? 1 : 0;
    headBytes = 0;
    length = 0;
  }

  private boolean isIdle() {
    return switch (type) {
      case DATA -> length == 0 && (flags & END_STREAM) == 0;
      case PRIORITY, SETTINGS, CONTINUATION -> true;
      default -> type > CONTINUATION;
    };
  }

  private boolean isOfHeaders() {
    return type == HEADERS || type == CONTINUATION;
  }

  /** The number of unfinished bytes. */
  public long unfinished() {
    return headers + headBytes + (headBytes == HEAD_BYTES ? length - left : 0);
  }

  /** Whether headers are unfinished. */
  public boolean areHeadersOpen() {
    return headers > 0 || (headBytes == HEAD_BYTES && isOfHeaders());
  }

  /**
   * How many frames came that cost work and bring nothing: SETTINGS, PRIORITY, CONTINUATION, empty
   * DATA and unknown ones. gRPC counts pings itself, because clients in Go measure the network with
   * many.
   */
  public long idle() {
    return idle;
  }

  /**
   * Decides which calls are no longer new.
   *
   * @param stream the last of them
   */
  void areOldUpTo(int stream) {
    lastOld = stream;
  }

  /** The stream of the last call; 0 if there was none. */
  int lastStream() {
    return lastStream;
  }

  /** How many calls the client has reset while they were new. */
  long newResets() {
    return newResets;
  }

  /** How many headers have ended. */
  public long headersEnded() {
    return ended;
  }
}
