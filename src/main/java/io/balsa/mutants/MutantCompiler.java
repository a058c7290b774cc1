package io.balsa.mutants;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources from memory to memory, with the class path of the running program. */
final class MutantCompiler {
  private static final List<String> OPTIONS =
      List.of(
          "-proc:none",
          "-nowarn",
          "-Xlint:none",
          "-implicit:none",
          "-classpath",
          System.getProperty("java.class.path"));

  private MutantCompiler() {}

  /**
   * Compiles.
   *
   * @param sources texts by their paths
   * @return class files by class names
   * @throws BadMutant when there is an error, or the running Java has no compiler
   */
  static Map<String, byte[]> compile(Map<String, String> sources) throws BadMutant {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new BadMutant("this Java has no compiler: run it with a JDK");
    }
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    Classes classes = new Classes(compiler.getStandardFileManager(diagnostics, Locale.ROOT, null));
    List<Source> units =
        sources.entrySet().stream()
            .map(source -> new Source(source.getKey(), source.getValue()))
            .toList();
    boolean compiled = compiler.getTask(null, classes, diagnostics, OPTIONS, null, units).call();
    if (!compiled) {
      throw new BadMutant("the mutant does not compile: " + firstError(diagnostics));
    }
    return classes.bytes();
  }

  private static String firstError(DiagnosticCollector<JavaFileObject> diagnostics) {
    return diagnostics.getDiagnostics().stream()
        .filter(found -> found.getKind() == Diagnostic.Kind.ERROR)
        .map(found -> "line " + found.getLineNumber() + ": " + found.getMessage(Locale.ROOT))
        .findFirst()
        .orElse("no reason given")
        .replaceAll("\\s+", " ");
  }

  /** A text as a source file. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String path, String text) {
      super(URI.create("string:///" + path), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** A class file that stays in memory. */
  private static final class Compiled extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Compiled(String className) {
      super(URI.create("bytes:///" + className.replace('.', '/') + ".class"), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  /** Holds the class files that the compiler writes. */
  private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, Compiled> compiled = new TreeMap<>();

    Classes(JavaFileManager around) {
      super(around);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      Compiled to = new Compiled(className);
      compiled.put(className, to);
      return to;
    }

    Map<String, byte[]> bytes() {
      Map<String, byte[]> bytes = new TreeMap<>();
      compiled.forEach((name, written) -> bytes.put(name, written.bytes.toByteArray()));
      return bytes;
    }
  }
}
