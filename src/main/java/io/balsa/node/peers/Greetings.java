package io.balsa.node.peers;

import io.balsa.wal.Identity;
import io.balsa.wire.Frame;

/** Makes the greetings of a server from its identity. */
public final class Greetings {
  private Greetings() {}

  /** The first frame on a link that a server opens to a member. */
  public static Frame.Hello hello(Identity own, long to, Frame.Purpose purpose, long nonce) {
    return new Frame.Hello(
        own.clusterId(), own.member(), to, own.disk(), own.boot(), purpose, nonce);
  }

  /** The answer to a greeting that its member has confirmed. */
  public static Frame.Welcome welcome(Identity own) {
    return new Frame.Welcome(own.clusterId(), own.member(), own.disk(), own.boot());
  }
}
