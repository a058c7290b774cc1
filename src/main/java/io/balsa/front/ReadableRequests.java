package io.balsa.front;

import io.balsa.budget.CallShare;
import io.balsa.budget.Share;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends a call whose message cannot be parsed with INTERNAL, as etcd does. gRPC by itself ends it
 * with UNKNOWN, as if the service had failed.
 */
final class ReadableRequests<Q> implements Marshaller<Q> {
  private final Marshaller<Q> marshaller;

  private ReadableRequests(Marshaller<Q> marshaller) {
    this.marshaller = marshaller;
  }

  /** The same service, whose calls end that way. */
  static ServerServiceDefinition of(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    service.getMethods().forEach(method -> methods.add(of(method)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder same = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(same::addMethod);
    return same.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> of(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> rpc = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        rpc.toBuilder(
                new ReadableRequests<>(rpc.getRequestMarshaller()), rpc.getResponseMarshaller())
            .build(),
        method.getServerCallHandler());
  }

  @Override
  public InputStream stream(Q value) {
    return marshaller.stream(value);
  }

  /** gRPC counts the exception as a failed call; the client has its status by then. */
  @Override
  public Q parse(InputStream stream) {
    try {
      return marshaller.parse(stream);
    } catch (StatusRuntimeException e) {
      if (Share.CURRENT.get() instanceof CallShare share) {
        share.refuse(e.getStatus());
      }
      throw e;
    }
  }
}
