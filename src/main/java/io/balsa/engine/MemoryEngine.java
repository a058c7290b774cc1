package io.balsa.engine;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.engine.Batch.Change;
import org.jspecify.annotations.Nullable;

/**
 * An engine in memory. The state is an immutable tree, so a view or a flush only reads its present
 * root. To crash it, a test drops the object.
 */
final class MemoryEngine implements Engine {
  private final Medium medium;
  private final String directory;
  private volatile Tree tree;
  private volatile boolean closed;

  private MemoryEngine(Medium medium, String directory, Tree tree) {
    this.medium = medium;
    this.directory = directory;
    this.tree = tree;
  }

  static MemoryEngine open(Medium medium, String directory) {
    Bytes state = medium.get(path(directory));
    return new MemoryEngine(
        medium, directory, state == null ? Tree.EMPTY : TreeCodec.decode(path(directory), state));
  }

  private static String path(String directory) {
    return directory + "/state";
  }

  @Override
  public @Nullable Bytes get(Bytes key) {
    return present().get(key);
  }

  @Override
  public int peek(Bytes key, byte[] head) {
    return new TreeView(present()).peek(key, head);
  }

  @Override
  public void write(Batch batch) {
    Tree changed = present();
    for (Change change : batch.changes()) {
      changed =
          switch (change) {
            case Change.Put(Bytes key, Bytes value) -> changed.put(key, value);
            case Change.Delete(Bytes key) -> changed.remove(key);
            case Change.DeleteRange(Bytes from, Bytes to) -> changed.removeRange(from, to);
          };
    }
    tree = changed;
  }

  @Override
  public View view() {
    return new TreeView(present());
  }

  @Override
  public void flush() {
    medium.put(path(directory), TreeCodec.encode(present()));
  }

  @Override
  public void checkpoint(String target) {
    Check.that(medium.get(path(target)) == null, "a checkpoint's directory is new");
    medium.put(path(target), TreeCodec.encode(present()));
  }

  @Override
  public long sizeBytes() {
    return present().bytes();
  }

  @Override
  public void close() {
    closed = true;
  }

  private Tree present() {
    Check.that(!closed, "an engine is used while it is open");
    return tree;
  }

  private record TreeView(Tree tree) implements View {
    @Override
    public @Nullable Bytes get(Bytes key) {
      return tree.get(key);
    }

    @Override
    public int peek(Bytes key, byte[] head) {
      Bytes value = tree.get(key);
      return value == null ? NONE : TreeCursor.peek(value, head);
    }

    @Override
    public Cursor scan(Bytes from, Bytes to) {
      return new TreeCursor(tree, from, to, false);
    }

    @Override
    public Cursor scanDown(Bytes from, Bytes to) {
      return new TreeCursor(tree, from, to, true);
    }

    @Override
    public void close() {}
  }
}
