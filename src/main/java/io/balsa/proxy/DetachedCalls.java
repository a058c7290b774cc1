package io.balsa.proxy;

import io.grpc.ClientCall;
import io.grpc.Context;
import java.util.function.Supplier;

/**
 * Calls that the proxy makes as its own. gRPC ties a call to the context that it is made in: made
 * in a client's, it would be reset with the client's call, and its deadline would be watched twice.
 * When a client's deadline passes, the client cancels.
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
