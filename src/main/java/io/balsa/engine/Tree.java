package io.balsa.engine;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map: a treap, whose changes copy one path and share the rest. Priorities are
 * hashes of the keys, so the same keys make the same tree in whatever order they came.
 */
final class Tree {
  static final Tree EMPTY = new Tree(null);

  private final @Nullable Node root;

  private Tree(@Nullable Node root) {
    this.root = root;
  }

  /** A key, its value and what lies below. */
  record Node(
      Bytes key,
      Bytes value,
      long priority,
      @Nullable Node left,
      @Nullable Node right,
      long bytes) {
    static Node of(
        Bytes key, Bytes value, long priority, @Nullable Node left, @Nullable Node right) {
      long own = (long) key.size() + value.size();
      return new Node(key, value, priority, left, right, own + sizeOf(left) + sizeOf(right));
    }

    Node withLeft(@Nullable Node other) {
      return of(key, value, priority, other, right);
    }

    Node withRight(@Nullable Node other) {
      return of(key, value, priority, left, other);
    }
  }

  /** The two sides of a cut. */
  private record Cut(@Nullable Node below, @Nullable Node above) {}

  @Nullable Node root() {
    return root;
  }

  /** The bytes of all keys and values. */
  long bytes() {
    return sizeOf(root);
  }

  @Nullable Bytes get(Bytes key) {
    Node node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  Tree put(Bytes key, Bytes value) {
    return new Tree(put(root, key, value, priority(key)));
  }

  Tree remove(Bytes key) {
    return get(key) == null ? this : new Tree(remove(root, key));
  }

  Tree removeRange(Bytes from, Bytes to) {
    Cut low = cut(root, from);
    Cut high = cut(low.above, to);
    return new Tree(join(low.below, high.above));
  }

  private static Node put(@Nullable Node node, Bytes key, Bytes value, long priority) {
    if (node == null) {
      return Node.of(key, value, priority, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return Node.of(key, value, priority, node.left, node.right);
    }
    if (priority > node.priority) {
      Cut cut = cut(node, key);
      return Node.of(key, value, priority, cut.below, cut.above);
    }
    return order < 0
        ? node.withLeft(put(node.left, key, value, priority))
        : node.withRight(put(node.right, key, value, priority));
  }

  private static @Nullable Node remove(@Nullable Node node, Bytes key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return join(node.left, node.right);
    }
    return order < 0
        ? node.withLeft(remove(node.left, key))
        : node.withRight(remove(node.right, key));
  }

  private static Cut cut(@Nullable Node node, Bytes key) {
    if (node == null) {
      return new Cut(null, null);
    }
    if (node.key.compareTo(key) < 0) {
      Cut right = cut(node.right, key);
      return new Cut(node.withRight(right.below), right.above);
    }
    Cut left = cut(node.left, key);
    return new Cut(left.below, node.withLeft(left.above));
  }

  private static @Nullable Node join(@Nullable Node below, @Nullable Node above) {
    if (below == null || above == null) {
      return below == null ? above : below;
    }
    return below.priority > above.priority
        ? below.withRight(join(below.right, above))
        : above.withLeft(join(below, above.left));
  }

  private static long sizeOf(@Nullable Node node) {
    return node == null ? 0 : node.bytes;
  }

  private static long priority(Bytes key) {
    long mixed = (key.hashCode() + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
