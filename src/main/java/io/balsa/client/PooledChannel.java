package io.balsa.client;

import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;

/** A place for one call on a connection of a {@link ChannelPool}. */
public interface PooledChannel {
  /** A call, not started yet. The mark tells whether it was sent. */
  <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, SentMark mark);

  /** Gives the place back when the call has ended. Must be called once. */
  void release();
}
