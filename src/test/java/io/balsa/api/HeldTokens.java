package io.balsa.api;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import java.util.TreeMap;

/** The tokens that one of the compared servers gave out. Each server knows only its own. */
final class HeldTokens {
  /** A client without a token. */
  static final String NOBODY = "nobody";

  /** A client with a token that was never given out. */
  static final String STRANGER = "stranger";

  /** After the name of a user: the user's token before the last one. */
  static final String BEFORE = "*";

  private static final String NEVER_GIVEN = "nevergiven.1";
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  private final Map<String, String> tokens = new TreeMap<>();

  void keep(String user, String token) {
    tokens.put(user + BEFORE, of(user));
    tokens.put(user, token);
  }

  /** The token to send; empty for none. */
  String of(String who) {
    return who.equals(NOBODY) ? "" : tokens.getOrDefault(who, NEVER_GIVEN);
  }

  static Channel with(String token, Channel channel) {
    if (token.isEmpty()) {
      return channel;
    }
    Metadata metadata = new Metadata();
    metadata.put(HEADER, token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }
}
