package io.balsa.engine;

import io.balsa.bytes.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
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
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.put((byte) VERSION);
    forEach(tree.root(), node -> put(put(out, node.key()), node.value()));
    out.putInt(checksum(out.array(), out.position()));
    return Bytes.wrap(out.array());
  }

  static Tree decode(String path, Bytes encoded) {
    byte[] array = encoded.readOnlyArray();
    ByteBuffer in = ByteBuffer.wrap(array);
    int end = array.length - Integer.BYTES;
    if (end < 1 || in.getInt(end) != checksum(array, end) || in.get() != VERSION) {
      throw new EngineFailure(path + " is damaged", new BufferUnderflowException());
    }
    Tree tree = Tree.EMPTY;
    while (in.position() < end) {
      tree = tree.put(get(in, array), get(in, array));
    }
    return tree;
  }

  private static ByteBuffer put(ByteBuffer out, Bytes bytes) {
    return out.putInt(bytes.size()).put(bytes.buffer());
  }

  private static Bytes get(ByteBuffer in, byte[] array) {
    int size = in.getInt();
    Bytes bytes = Bytes.wrap(array, in.position(), size);
    in.position(in.position() + size);
    return bytes;
  }

  private static int checksum(byte[] array, int size) {
    CRC32C crc = new CRC32C();
    crc.update(array, 0, size);
    return (int) crc.getValue();
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
