package io.balsa.node.peers;

import io.balsa.wire.Frame;

/**
 * What a greeting says of its sender, until that member confirms it.
 *
 * @param member the id of the member that is said to greet
 * @param nonce the number that the greeting carries, made for its link alone
 */
public record GreetingClaim(long member, long nonce) {
  static GreetingClaim of(Frame.Hello hello) {
    return new GreetingClaim(hello.from(), hello.nonce());
  }
}
