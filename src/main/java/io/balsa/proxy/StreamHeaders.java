package io.balsa.proxy;

import io.balsa.rpc.CallHeaders;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;

/**
 * The metadata of a client's stream that a server uses. Client streams with equal metadata may use
 * one stream at a server, one after the other.
 */
record StreamHeaders(List<String> values) {
  private static final List<Metadata.Key<String>> KEYS =
      List.of(
          CallHeaders.HAS_LEADER,
          CallHeaders.text("token"),
          CallHeaders.text("authorization"),
          CallHeaders.CLIENT_VERSION);

  static StreamHeaders of(Metadata headers) {
    List<String> values = new ArrayList<>();
    for (Metadata.Key<String> key : KEYS) {
      String value = headers.get(key);
      boolean says = value != null && (!key.equals(CallHeaders.HAS_LEADER) || value.equals("true"));
      values.add(says ? value : "");
    }
    return new StreamHeaders(List.copyOf(values));
  }

  /** The length of all values together. */
  int bytes() {
    return values.stream().mapToInt(String::length).sum();
  }

  /** Whether the client's stream must end when there is no leader. */
  boolean askForLeader() {
    return values.get(KEYS.indexOf(CallHeaders.HAS_LEADER)).equals("true");
  }

  /** The headers of a stream at a server. */
  Metadata onward() {
    Metadata onward = new Metadata();
    for (int i = 0; i < KEYS.size(); i++) {
      if (!values.get(i).isEmpty()) {
        onward.put(KEYS.get(i), values.get(i));
      }
    }
    onward.put(CallHeaders.WHOLE_BYTES, "1");
    return ProxyLoopGuard.onward(onward);
  }
}
