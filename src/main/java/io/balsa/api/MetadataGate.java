package io.balsa.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.balsa.errors.EtcdError;
import io.balsa.node.Node;
import io.balsa.rpc.CallHeaders;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Checks a call's metadata before the call, as etcd does. The client's version must be UTF-8. A
 * call with {@code hasleader} is refused while there is no leader, and a stream with it ends when
 * there is none.
 */
final class MetadataGate implements ServerInterceptor {
  private static final Metadata.Key<byte[]> CLIENT_VERSION =
      Metadata.Key.of(
          CallHeaders.CLIENT_VERSION_NAME,
          new Metadata.AsciiMarshaller<>() {
            @Override
            public String toAsciiString(byte[] value) {
              return new String(value, ISO_8859_1);
            }

            @Override
            public byte[] parseAsciiString(String text) {
              return text.getBytes(ISO_8859_1);
            }
          });

  private final Node node;
  private final HasLeaderStreams hasLeader;
  private final ClientVersions versions;

  MetadataGate(Node node, HasLeaderStreams hasLeader, ClientVersions versions) {
    this.node = node;
    this.hasLeader = hasLeader;
    this.versions = versions;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
    EtcdError error = refusal(metadata, call.getMethodDescriptor().getType());
    if (error == null) {
      return asksForLeader(metadata) && call.getMethodDescriptor().getType() != MethodType.UNARY
          ? hasLeader.open(call, metadata, next)
          : WriteNameHeaders.begin(call, metadata, next, node::appliedIndex);
    }
    call.close(error.status(), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private @Nullable EtcdError refusal(Metadata metadata, MethodType type) {
    byte[] version = metadata.get(CLIENT_VERSION);
    if (version != null && !isUtf8(version)) {
      return EtcdError.INVALID_CLIENT_API_VERSION;
    }
    versions.count(version, type);
    return asksForLeader(metadata) && node.status().leader() == 0 ? EtcdError.NO_LEADER : null;
  }

  private static boolean asksForLeader(Metadata metadata) {
    return "true".equals(metadata.get(CallHeaders.HAS_LEADER));
  }

  static boolean isUtf8(byte[] text) {
    for (byte b : text) {
      if (b < 0) {
        return isLongUtf8(text);
      }
    }
    return true;
  }

  private static boolean isLongUtf8(byte[] text) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
