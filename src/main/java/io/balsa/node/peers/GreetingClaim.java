package io.balsa.node.peers;

import io.balsa.wire.Frame;

/**
 * Who is said to have sent a greeting, until that member confirms it.
 *
 * @param member the id of the member that the greeting names as its sender
 * @param nonce the number that the greeting carries, made for its link alone
 */
public record GreetingClaim(long member, long nonce) {
  static GreetingClaim of(Frame.Hello hello) {
    return new GreetingClaim(hello.from(), hello.nonce());
  }
}
