package io.balsa.client;

import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;

/** A place for one stream on a connection to a server. */
public interface StreamLane {
  /** A call that is not started yet, whose mark says whether it was sent. */
  <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, SentMark mark);

  /** The stream has ended; to be called once. */
  void release();
}
