package io.balsa.engine;

import io.balsa.bytes.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Goes over a part of a {@link Tree}, up or down. */
final class TreeCursor implements Engine.Cursor {
  private final Bytes from;
  private final Bytes to;
  private final boolean down;

  /** The nodes still to be visited on the way back to the root, the next one on top. */
  private final Deque<Tree.Node> path = new ArrayDeque<>();

  private Tree.@Nullable Node node;

  TreeCursor(Tree tree, Bytes from, Bytes to, boolean down) {
    this.from = from;
    this.to = to;
    this.down = down;
    descend(tree.root());
  }

  @Override
  public boolean next() {
    node = path.poll();
    if (node != null) {
      descend(down ? node.left() : node.right());
    }
    return node != null;
  }

  @Override
  public Bytes key() {
    return standing().key();
  }

  @Override
  public Bytes value() {
    return standing().value();
  }

  @Override
  public int peek(byte[] head) {
    return peek(standing().value(), head);
  }

  static int peek(Bytes value, byte[] head) {
    value.slice(0, Math.min(value.size(), head.length)).copyTo(head, 0);
    return value.size();
  }

  @Override
  public void close() {}

  private Tree.Node standing() {
    return Objects.requireNonNull(node, "a cursor is read where it stands on a key");
  }

  /** Pushes the nodes of the range on the way to its first key below a node. */
  private void descend(Tree.@Nullable Node start) {
    Tree.Node below = start;
    while (below != null) {
      boolean tooLow = below.key().compareTo(from) < 0;
      boolean tooHigh = below.key().compareTo(to) >= 0;
      if (!tooLow && !tooHigh) {
        path.push(below);
      }
      boolean left = tooHigh || (!tooLow && !down);
      below = left ? below.left() : below.right();
    }
  }
}
