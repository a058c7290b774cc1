package io.balsa.proxy;

import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client's stream says in its metadata that is of use to a server. Streams that say the same
 * may follow one another on one stream at a server.
 */
record StreamHeaders(List<String> values) {
  private static final Metadata.Key<String> HAS_LEADER = key("hasleader");

  private static final List<Metadata.Key<String>> KEYS =
      List.of(HAS_LEADER, key("token"), key("authorization"), key("client-api-version"));

  /** Asks for field 1001 of WatchResponse in the first part of a revision. */
  private static final Metadata.Key<String> WHOLE_BYTES = key("balsa-whole-bytes");

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  static StreamHeaders of(Metadata headers) {
    List<String> values = new ArrayList<>();
    for (Metadata.Key<String> key : KEYS) {
      String value = headers.get(key);
      boolean says = value != null && (!key.equals(HAS_LEADER) || value.equals("true"));
      values.add(says ? value : "");
    }
    return new StreamHeaders(List.copyOf(values));
  }

  /** How long the values are together. */
  int bytes() {
    return values.stream().mapToInt(String::length).sum();
  }

  /** Whether the client wants its stream to end when there is no leader. */
  boolean askForLeader() {
    return values.get(KEYS.indexOf(HAS_LEADER)).equals("true");
  }

  /** The headers of a stream at a server. */
  Metadata onward() {
    Metadata onward = new Metadata();
    for (int i = 0; i < KEYS.size(); i++) {
      if (!values.get(i).isEmpty()) {
        onward.put(KEYS.get(i), values.get(i));
      }
    }
    onward.put(WHOLE_BYTES, "1");
    return ProxyLoopGuard.onward(onward);
  }
}
