package io.balsa.proxy;

import io.balsa.rpc.CallHeaders;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a client's stream that a server uses. Client streams with equal metadata may use
 * one stream at a server, one after the other. The token is part of it: a stream at a server is
 * never shared between users. A server judges each request with the token as it is then.
 */
record StreamHeaders(List<String> values) {
  private static final Metadata.Key<String> TOKEN = CallHeaders.text("token");
  private static final Metadata.Key<String> AUTHORIZATION = CallHeaders.text("authorization");

  private static final List<Metadata.Key<String>> KEYS =
      List.of(CallHeaders.HAS_LEADER, TOKEN, AUTHORIZATION, CallHeaders.CLIENT_VERSION);

  static StreamHeaders of(Metadata headers) {
    List<String> values = new ArrayList<>();
    for (Metadata.Key<String> key : KEYS) {
      String value = value(headers, key);
      boolean says = value != null && (!key.equals(CallHeaders.HAS_LEADER) || value.equals("true"));
      values.add(says ? value : "");
    }
    return new StreamHeaders(List.copyOf(values));
  }

  /** As a server, takes the first of several tokens, and the last of any other value. */
  private static @Nullable String value(Metadata headers, Metadata.Key<String> key) {
    boolean token = key.equals(TOKEN) || key.equals(AUTHORIZATION);
    Iterable<String> all = token ? headers.getAll(key) : null;
    return all == null ? headers.get(key) : all.iterator().next();
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
