package io.balsa.client;

import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;

/** A place for one call on a connection to a server. */
public interface PooledChannel {
  /** A call that is not started yet, whose mark says whether it was sent. */
  <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, SentMark mark);

  /** The call has ended; to be called once. */
  void release();
}
