package io.balsa.front;

import io.balsa.bytes.Bytes;

/**
 * JSON objects that stand one after the other in a body, as etcd's gateway takes them. They are cut
 * one at a time, so that a body of many small ones costs no more than its bytes.
 */
final class JsonBodies {
  private final Bytes body;
  private int at;

  JsonBodies(Bytes body) {
    this.body = body;
  }

  /** Whether anything but space is left. */
  boolean hasNext() {
    while (at < body.size() && body.at(at) >= 0 && body.at(at) <= ' ') {
      at++;
    }
    return at < body.size();
  }

  /**
   * The bytes up to the end of the next outermost object, or all that are left; what is no JSON is
   * left for the parser to refuse. Outside of texts JSON has only ASCII, whose bytes are found in
   * no other character.
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
