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
import io.balsa.rpc.BytesMarshaller;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.UnaryOperator;

/** All services of etcd's protocol. Each method forwards its messages as bytes. */
final class ProxiedServices {
  private static final String MEMBER_LIST = ClusterGrpc.getMemberListMethod().getFullMethodName();

  private static final String WATCH = WatchGrpc.getWatchMethod().getFullMethodName();
  private static final String KEEP_ALIVE = LeaseGrpc.getLeaseKeepAliveMethod().getFullMethodName();

  private final Router router;
  private final UnaryOperator<Bytes> memberList;

  /**
   * @param memberList edits the answer to MemberList
   */
  ProxiedServices(Router router, UnaryOperator<Bytes> memberList) {
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
        service.getMethods().stream().map(BytesMarshaller::raw).toList();
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
    if (method.getFullMethodName().equals(WATCH)) {
      return guarded(this::watch);
    } else if (method.getFullMethodName().equals(KEEP_ALIVE)) {
      return guarded(this::keepAlive);
    } else if (method.getType() != MethodType.UNARY) {
      return guarded(this::stream);
    }
    UnaryOperator<Bytes> rewriting =
        method.getFullMethodName().equals(MEMBER_LIST) ? memberList : UnaryOperator.identity();
    return guarded((call, headers) -> new ProxiedCall(router, call, headers, rewriting));
  }

  private ServerCall.Listener<Bytes> stream(ServerCall<Bytes, Bytes> call, Metadata headers) {
    ProxiedStream stream = new ProxiedStream(router, call, headers);
    return begun(call, stream, stream::begin);
  }

  private ServerCall.Listener<Bytes> watch(ServerCall<Bytes, Bytes> call, Metadata headers) {
    ProxiedWatchStream stream = new ProxiedWatchStream(router, call, headers);
    return begun(call, stream, stream::begin);
  }

  private ServerCall.Listener<Bytes> keepAlive(ServerCall<Bytes, Bytes> call, Metadata headers) {
    ProxiedKeepAlives stream = new ProxiedKeepAlives(router, call, headers);
    return begun(call, stream, stream::begin);
  }

  /**
   * Begins a stream when the rate limit of its connection allows it. Until then the proxy requests
   * no message from the client.
   */
  private ServerCall.Listener<Bytes> begun(
      ServerCall<Bytes, Bytes> call, ServerCall.Listener<Bytes> stream, Runnable begin) {
    SocketAddress connection = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    long wait = connection == null ? 0 : router.streamRates().next(connection, System.nanoTime());
    if (wait == StreamRateLimit.REFUSED) {
      router.metrics().refused("streams");
      return refused(call, ProxyErrors.TOO_MANY_STREAMS);
    } else if (wait > 0) {
      router.later(begin, wait);
    } else {
      begin.run();
    }
    return stream;
  }

  private static ServerCall.Listener<Bytes> refused(ServerCall<Bytes, Bytes> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static ServerCallHandler<Bytes, Bytes> guarded(ServerCallHandler<Bytes, Bytes> handler) {
    return (call, headers) -> {
      if (ProxyLoopGuard.beenThrough(headers)) {
        return refused(call, ProxyLoopGuard.REFUSAL);
      }
      return handler.startCall(call, headers);
    };
  }
}
