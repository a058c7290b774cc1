package io.balsa.node.peers;

import io.balsa.wal.Identity;
import io.balsa.wire.Frame;

/** The greetings of a server, with the ids of its own where they belong. */
public final class Greetings {
  private Greetings() {}

  /** What a server says first on a link that it opened to a member. */
  public static Frame.Hello hello(Identity own, long to, Frame.Purpose purpose, long nonce) {
    return new Frame.Hello(
        own.clusterId(), own.member(), to, own.disk(), own.boot(), purpose, nonce);
  }

  /** What a server answers to a greeting that is believed. */
  public static Frame.Welcome welcome(Identity own) {
    return new Frame.Welcome(own.clusterId(), own.member(), own.disk(), own.boot());
  }
}
