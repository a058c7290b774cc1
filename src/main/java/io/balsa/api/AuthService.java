package io.balsa.api;

import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.AuthStatusRequest;
import io.balsa.proto.etcdserverpb.AuthStatusResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/** etcd's Auth. Only {@code AuthStatus} is implemented; it says that authentication is off. */
final class AuthService {
  /** The revision of permissions that were never changed. */
  private static final long FIRST_AUTH_REVISION = 1;

  private final Node node;
  private final ToProto toProto;

  AuthService(Node node, ToProto toProto) {
    this.node = node;
    this.toProto = toProto;
  }

  ServerServiceDefinition define() {
    ServerServiceDefinition built =
        ServerServiceDefinition.builder(AuthGrpc.SERVICE_NAME)
            .addMethod(AuthGrpc.getAuthStatusMethod(), ServerCalls.asyncUnaryCall(this::status))
            .build();
    return Unimplemented.rest(AuthGrpc.getServiceDescriptor(), built, "users and roles are");
  }

  private void status(AuthStatusRequest request, StreamObserver<AuthStatusResponse> observer) {
    NodeStatus status = node.status();
    AuthStatusResponse.Builder response =
        AuthStatusResponse.newBuilder()
            .setHeader(toProto.header(status.revision(), status.term()))
            .setAuthRevision(FIRST_AUTH_REVISION);
    Reply.send(observer, response.build());
  }
}
