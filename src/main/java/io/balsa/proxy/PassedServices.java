package io.balsa.proxy;

import io.balsa.bytes.Bytes;
import io.balsa.proto.etcdserverpb.AuthGrpc;
import io.balsa.proto.etcdserverpb.ClusterGrpc;
import io.balsa.proto.etcdserverpb.KVGrpc;
import io.balsa.proto.etcdserverpb.LeaseGrpc;
import io.balsa.proto.etcdserverpb.MaintenanceGrpc;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.proto.v3electionpb.ElectionGrpc;
import io.balsa.proto.v3lockpb.LockGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.function.UnaryOperator;

/** Every service of etcd's protocol, each method passing through whatever it carries. */
final class PassedServices {
  private static final String MEMBER_LIST = ClusterGrpc.getMemberListMethod().getFullMethodName();

  private final Router router;
  private final UnaryOperator<Bytes> memberList;

  /**
   * @param memberList what the answer to MemberList goes through
   */
  PassedServices(Router router, UnaryOperator<Bytes> memberList) {
    this.router = router;
    this.memberList = memberList;
  }

  List<ServerServiceDefinition> all() {
    return List.of(
            KVGrpc.getServiceDescriptor(),
            WatchGrpc.getServiceDescriptor(),
            LeaseGrpc.getServiceDescriptor(),
            ClusterGrpc.getServiceDescriptor(),
            MaintenanceGrpc.getServiceDescriptor(),
            AuthGrpc.getServiceDescriptor(),
            LockGrpc.getServiceDescriptor(),
            ElectionGrpc.getServiceDescriptor())
        .stream()
        .map(this::passed)
        .toList();
  }

  private ServerServiceDefinition passed(ServiceDescriptor service) {
    List<MethodDescriptor<Bytes, Bytes>> methods =
        service.getMethods().stream().map(RawMarshaller::raw).toList();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getName())
            .setSchemaDescriptor(service.getSchemaDescriptor());
    methods.forEach(descriptor::addMethod);
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(method -> definition.addMethod(method, handler(method)));
    return definition.build();
  }

  private ServerCallHandler<Bytes, Bytes> handler(MethodDescriptor<Bytes, Bytes> method) {
    if (method.getType() != MethodType.UNARY) {
      return guarded(this::stream);
    }
    UnaryOperator<Bytes> rewriting =
        method.getFullMethodName().equals(MEMBER_LIST) ? memberList : UnaryOperator.identity();
    return guarded((call, headers) -> new Passage(router, call, headers, rewriting));
  }

  private ServerCall.Listener<Bytes> stream(ServerCall<Bytes, Bytes> call, Metadata headers) {
    StreamPassage passage = new StreamPassage(router, call, headers);
    passage.begin();
    return passage;
  }

  private static ServerCallHandler<Bytes, Bytes> guarded(ServerCallHandler<Bytes, Bytes> handler) {
    return (call, headers) -> {
      if (Hops.beenThrough(headers)) {
        call.close(Hops.REFUSAL, new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return handler.startCall(call, headers);
    };
  }
}
