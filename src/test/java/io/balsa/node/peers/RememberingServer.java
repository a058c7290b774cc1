package io.balsa.node.peers;

import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server behind the door that remembers the calls of the door. */
final class RememberingServer implements PeerDoor.Needs {
  static final Frame.Welcome WELCOME = new Frame.Welcome(7, 1, 10, 1);

  private final List<String> told = new ArrayList<>();
  private @Nullable String wrong;

  @Override
  public @Nullable String wrong(Frame.Hello hello) {
    return wrong;
  }

  @Override
  public List<String> peerUrls(long member) {
    return List.of("http://127.0.0.1:" + member);
  }

  @Override
  public void challenge(GreetingClaim claim) {
    told.add("challenge " + claim.member() + " " + claim.nonce());
  }

  @Override
  public boolean greets(GreetingClaim claim) {
    return claim.equals(new GreetingClaim(2, 5));
  }

  @Override
  public Frame.Welcome welcome() {
    return WELCOME;
  }

  @Override
  public void entered(Frame.Hello hello) {
    told.add("entered " + hello.from());
  }

  @Override
  public void left(long member) {
    told.add("left " + member);
  }

  void received(InLink link, Frame.FromMember frame) {
    told.add(
        switch (frame) {
              case Frame.Raft _ -> "message of ";
              case Frame.StateHash _ -> "hash of ";
              case Frame.OfLease _ -> "lease of ";
              case Frame.EntriesQuestion _ -> "asked by ";
            }
            + link.member());
  }

  /** The calls of the door in their order, such as {@code entered 2}. */
  List<String> told() {
    return List.copyOf(told);
  }

  /** Forgets the calls. */
  void forget() {
    told.clear();
  }

  /** Makes the server refuse every hello. */
  void refuse(String reason) {
    wrong = reason;
  }
}
