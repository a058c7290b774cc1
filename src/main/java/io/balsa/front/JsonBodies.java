package io.balsa.front;

import io.balsa.bytes.Bytes;

/**
 * The JSON objects of a body, one after the other, as etcd's gateway takes them. Each is cut out
 * only when it is needed, so a body of many small objects costs no more than its bytes. This class
 * only finds where an object ends; {@link JsonSyntax} checks it.
 */
final class JsonBodies {
  private final Bytes body;
  private int at;

  JsonBodies(Bytes body) {
    this.body = body;
  }

  /** Whether the rest has more than space. */
  boolean hasNext() {
    while (at < body.size() && body.at(at) >= 0 && body.at(at) <= ' ') {
      at++;
    }
    return at < body.size();
  }

  /**
   * The text up to the end of the next outermost object, or the whole rest. It may be malformed.
   * The search works on bytes: in UTF-8 no other character contains an ASCII byte.
   */
  String next() {
    int start = at;
    int depth = 0;
    boolean quoted = false;
    while (at < body.size()) {
      byte b = body.at(at++);
      if (quoted) {
        at += b == '\\' ? 1 : 0;
        quoted = b != '"';
      } else if (b == '"') {
        quoted = true;
      } else if (b == '{') {
        depth++;
      } else if (b == '}') {
        depth--;
        if (depth == 0) {
          break;
        }
      }
    }
    at = Math.min(at, body.size());
    return body.slice(start, at).utf8();
  }
}
