package io.balsa.house;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The declarations and Javadoc of source files, found by the JDK's parser.
 *
 * @param rooms the package of each file
 * @param types all types, nested ones too
 * @param methods all methods and constructors that have a body
 * @param comments all Javadoc comments
 */
record JavaTrees(
    List<String> rooms, List<Type> types, List<Method> methods, List<Comment> comments) {
  private static final Set<Tree.Kind> TYPES =
      Set.of(
          Tree.Kind.CLASS,
          Tree.Kind.INTERFACE,
          Tree.Kind.RECORD,
          Tree.Kind.ENUM,
          Tree.Kind.ANNOTATION_TYPE);

  /**
   * A class, interface, record or enum.
   *
   * @param room its package
   * @param name as it is written in its package: {@code Outer.Inner}
   */
  record Type(String room, String name) {
    boolean isTopLevel() {
      return name.indexOf('.') < 0;
    }
  }

  /**
   * A method, from its name or first annotation to its closing brace.
   *
   * @param place {@code file:line: name}
   */
  record Method(String place, long lines) {}

  /**
   * A Javadoc comment.
   *
   * @param line where what it explains begins
   * @param text without stars
   */
  record Comment(String file, int line, String text) {}

  /** Parses files; nothing is resolved. */
  static JavaTrees of(List<Path> files) {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    JavaTrees trees =
        new JavaTrees(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        trees.rooms.add(String.valueOf(unit.getPackageName()));
        trees.new Reader(docs, unit).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return trees;
  }

  private final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees docs;
    private final SourcePositions positions;
    private final CompilationUnitTree unit;
    private final String file;

    private Reader(DocTrees docs, CompilationUnitTree unit) {
      this.docs = docs;
      this.positions = docs.getSourcePositions();
      this.unit = unit;
      this.file = unit.getSourceFile().getName();
    }

    @Override
    public @Nullable Void visitPackage(PackageTree tree, @Nullable Void nothing) {
      comment();
      return super.visitPackage(tree, null);
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
      comment();
      if (!tree.getSimpleName().isEmpty()) {
        types.add(new Type(String.valueOf(unit.getPackageName()), name(getCurrentPath())));
      }
      return super.visitClass(tree, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
      comment();
      BlockTree body = tree.getBody();
      if (body != null) {
        long begin = line(positions.getStartPosition(unit, tree));
        long end = line(positions.getEndPosition(unit, body));
        methods.add(new Method(file + ":" + begin + ": " + tree.getName(), end - begin + 1));
      }
      return super.visitMethod(tree, null);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
      comment();
      return super.visitVariable(tree, null);
    }

    private void comment() {
      TreePath path = getCurrentPath();
      String text = docs.getDocComment(path);
      if (text != null) {
        int line = (int) line(positions.getStartPosition(unit, path.getLeaf()));
        comments.add(new Comment(file, line, text));
      }
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }

    private static String name(TreePath path) {
      String name = "";
      for (TreePath each = path; each != null; each = each.getParentPath()) {
        if (each.getLeaf() instanceof ClassTree type && TYPES.contains(type.getKind())) {
          name = type.getSimpleName() + (name.isEmpty() ? "" : "." + name);
        }
      }
      return name;
    }
  }
}
