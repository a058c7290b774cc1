package io.balsa.errors;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Errors for RPCs of etcd that this server does not implement. They say so in plain words. */
public final class Unimplemented {
  private Unimplemented() {}

  /** The error of a missing feature. */
  public static StatusRuntimeException error(String whatIs, String instead) {
    return status(whatIs, instead).asRuntimeException();
  }

  private static Status status(String whatIs, String instead) {
    String text = "balsa: " + whatIs + " not built yet";
    return Status.UNIMPLEMENTED.withDescription(instead.isEmpty() ? text : text + "; " + instead);
  }

  /** A service with some implemented methods; the others refuse. */
  public static ServerServiceDefinition rest(
      ServiceDescriptor service, ServerServiceDefinition built, String thingsAre) {
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service);
    for (MethodDescriptor<?, ?> method : service.getMethods()) {
      ServerMethodDefinition<?, ?> own = built.getMethod(method.getFullMethodName());
      if (own == null) {
        definition.addMethod(refusal(method, status(thingsAre, "")));
      } else {
        definition.addMethod(own);
      }
    }
    return definition.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> refusal(
      MethodDescriptor<Q, A> method, Status status) {
    return ServerMethodDefinition.create(
        method,
        (call, _) -> {
          call.close(status, new Metadata());
          return new ServerCall.Listener<>() {};
        });
  }
}
