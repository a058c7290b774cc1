package io.balsa.front;

import java.util.ArrayList;
import java.util.List;

/** JSON objects that stand one after the other in a body, as etcd's gateway takes them. */
final class JsonBodies {
  private JsonBodies() {}

  /** Cuts after each outermost object; what is no JSON is left for the parser to refuse. */
  static List<String> split(String body) {
    List<String> objects = new ArrayList<>();
    int start = 0;
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
        if (depth == 0) {
          objects.add(body.substring(start, i + 1));
          start = i + 1;
        }
      }
    }
    String rest = body.substring(start);
    if (!rest.isBlank()) {
      objects.add(rest);
    }
    return objects;
  }
}
