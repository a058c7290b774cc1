package io.balsa.engine;

import io.balsa.bytes.ByteReader;
import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link Tree}: a version, then length and bytes of each key and value in order, and
 * at the end the CRC-32C of all before.
 */
final class TreeCodec {
  private static final int VERSION = 1;

  private TreeCodec() {}

  static Bytes encode(Tree tree) {
    int[] entries = {0};
    forEach(tree.root(), _ -> entries[0]++);
    long size = 1 + 2L * Integer.BYTES * entries[0] + tree.bytes() + Integer.BYTES;
    ByteWriter out = new ByteWriter(Math.toIntExact(size)).u8(VERSION);
    forEach(tree.root(), node -> put(put(out, node.key()), node.value()));
    return out.checksum().done();
  }

  static Tree decode(String path, Bytes encoded) {
    ByteReader<EngineFailure> in =
        ByteReader.checked(path, encoded, problem -> damaged(path, problem));
    in.version(VERSION);
    Tree tree = Tree.EMPTY;
    while (!in.isAtEnd()) {
      tree = tree.put(get(in), get(in));
    }
    return tree;
  }

  private static EngineFailure damaged(String path, String problem) {
    return new EngineFailure(path + " is damaged", new IllegalArgumentException(problem));
  }

  private static ByteWriter put(ByteWriter out, Bytes bytes) {
    return out.fixed32(bytes.size()).raw(bytes);
  }

  private static Bytes get(ByteReader<EngineFailure> in) {
    return in.raw(in.fixed32());
  }

  private static void forEach(Tree.@Nullable Node root, Consumer<Tree.Node> visitor) {
    Deque<Tree.Node> path = new ArrayDeque<>();
    Tree.Node node = root;
    while (node != null || !path.isEmpty()) {
      while (node != null) {
        path.push(node);
        node = node.left();
      }
      node = path.pop();
      visitor.accept(node);
      node = node.right();
    }
  }
}
