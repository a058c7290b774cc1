package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.model.Span;
import java.util.HashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An interval index: finds the values whose span contains a key. Single keys are in a hash table.
 * Ranges are in a treap whose nodes know the largest end in their subtree. Priorities are hashes of
 * the ranges, so that the same spans always give the same tree.
 */
final class SpanIndex<T> {
  private final HashMap<Bytes, T> singles = new HashMap<>();
  private @Nullable Node<T> root;

  private static final class Node<T> {
    final Span span;
    final T value;
    final int priority;
    Bytes reach;
    @Nullable Node<T> left;
    @Nullable Node<T> right;

    Node(Span span, T value) {
      this.span = span;
      this.value = value;
      this.priority = mixed(span.hashCode());
      this.reach = span.rangeEnd();
    }

    /** Recomputes the largest end in the subtree after a change of its children. */
    void reach() {
      reach = span.rangeEnd();
      reach = left == null ? reach : later(reach, left.reach);
      reach = right == null ? reach : later(reach, right.reach);
    }
  }

  private static int mixed(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x45d9f3b;
    return (mixed ^ (mixed >>> 16)) * 0x45d9f3b;
  }

  private static Bytes later(Bytes end, Bytes other) {
    return Span.isNoEnd(end) || (!Span.isNoEnd(other) && end.compareTo(other) >= 0) ? end : other;
  }

  boolean isEmpty() {
    return singles.isEmpty() && root == null;
  }

  /** The value of a span; the maker makes it when there is none. */
  T getOrMake(Span span, Function<Span, T> maker) {
    if (span.single()) {
      return singles.computeIfAbsent(span.key(), _ -> maker.apply(span));
    }
    T there = find(span);
    if (there == null) {
      there = maker.apply(span);
      root = insert(root, new Node<>(span, there));
    }
    return there;
  }

  private @Nullable T find(Span span) {
    Node<T> node = root;
    while (node != null) {
      int order = order(span, node.span);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  void remove(Span span) {
    if (span.single()) {
      singles.remove(span.key());
    } else {
      root = remove(root, span);
    }
  }

  /** Passes every value whose span contains the key to a consumer. */
  void forEach(Bytes key, Consumer<T> consumer) {
    T single = singles.get(key);
    if (single != null) {
      consumer.accept(single);
    }
    forEach(root, key, consumer);
  }

  private static <T> void forEach(@Nullable Node<T> node, Bytes key, Consumer<T> consumer) {
    if (node == null || !isBefore(key, node.reach)) {
      return;
    }
    forEach(node.left, key, consumer);
    if (node.span.key().compareTo(key) <= 0) {
      if (isBefore(key, node.span.rangeEnd())) {
        consumer.accept(node.value);
      }
      forEach(node.right, key, consumer);
    }
  }

  private static boolean isBefore(Bytes key, Bytes end) {
    return Span.isNoEnd(end) || key.compareTo(end) < 0;
  }

  /** Whether any span contains the key. */
  boolean covers(Bytes key) {
    return singles.containsKey(key) || covers(root, key);
  }

  private static <T> boolean covers(@Nullable Node<T> node, Bytes key) {
    if (node == null || !isBefore(key, node.reach)) {
      return false;
    }
    boolean begun = node.span.key().compareTo(key) <= 0;
    return covers(node.left, key)
        || (begun && (isBefore(key, node.span.rangeEnd()) || covers(node.right, key)));
  }

  private static int order(Span span, Span other) {
    int byKey = span.key().compareTo(other.key());
    return byKey != 0 ? byKey : span.rangeEnd().compareTo(other.rangeEnd());
  }

  private static <T> Node<T> insert(@Nullable Node<T> node, Node<T> fresh) {
    if (node == null) {
      return fresh;
    }
    if (order(fresh.span, node.span) < 0) {
      Node<T> left = insert(node.left, fresh);
      node.left = left;
      node.reach();
      return left.priority > node.priority ? rotateRight(node, left) : node;
    }
    Node<T> right = insert(node.right, fresh);
    node.right = right;
    node.reach();
    return right.priority > node.priority ? rotateLeft(node, right) : node;
  }

  private static <T> Node<T> rotateRight(Node<T> node, Node<T> left) {
    node.left = left.right;
    left.right = node;
    node.reach();
    left.reach();
    return left;
  }

  private static <T> Node<T> rotateLeft(Node<T> node, Node<T> right) {
    node.right = right.left;
    right.left = node;
    node.reach();
    right.reach();
    return right;
  }

  private static <T> @Nullable Node<T> remove(@Nullable Node<T> node, Span span) {
    if (node == null) {
      return null;
    }
    int order = order(span, node.span);
    if (order == 0) {
      return joined(node.left, node.right);
    }
    if (order < 0) {
      node.left = remove(node.left, span);
    } else {
      node.right = remove(node.right, span);
    }
    node.reach();
    return node;
  }

  private static <T> @Nullable Node<T> joined(@Nullable Node<T> low, @Nullable Node<T> high) {
    if (low == null || high == null) {
      return low == null ? high : low;
    }
    if (low.priority > high.priority) {
      low.right = joined(low.right, high);
      low.reach();
      return low;
    }
    high.left = joined(low, high.left);
    high.reach();
    return high;
  }
}
