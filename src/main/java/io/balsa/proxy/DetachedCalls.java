package io.balsa.proxy;

import io.grpc.ClientCall;
import io.grpc.Context;
import java.util.function.Supplier;

/**
 * Makes calls to servers outside the context of the client's call. gRPC ties a call to the context
 * in which it is made. In the client's context, gRPC would cancel the call together with the
 * client's call, and would watch its deadline twice. The client itself cancels when its deadline
 * passes.
 */
final class DetachedCalls {
  private DetachedCalls() {}

  static <Q, A> ClientCall<Q, A> make(Supplier<ClientCall<Q, A>> making) {
    Context before = Context.ROOT.attach();
    try {
      return making.get();
    } finally {
      Context.ROOT.detach(before);
    }
  }
}
