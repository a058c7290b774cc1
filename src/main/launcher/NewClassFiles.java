import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives the classes of a jar the class file version of Java 17, with stack maps. The start-up cache
 * of the JVM takes no class of before Java 6, and picocli's are Java 5's. The jar must be on the
 * class path. A jar whose classes are new already is left alone.
 */
final class NewClassFiles {
  private static final int OLD = 50;
  private static final int NEW = ClassFile.JAVA_17_VERSION;

  private NewClassFiles() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    if (!isNew(jar)) {
      Path written = jar.resolveSibling(jar.getFileName() + ".new");
      renew(jar, written);
      Files.setLastModifiedTime(written, Files.getLastModifiedTime(jar));
      Files.move(written, jar, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A renewed jar is not written again: the start-up cache compares times and sizes. */
  private static boolean isNew(Path jar) throws IOException {
    try (JarFile from = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(from.entries())) {
        if (isClass(entry) && ClassFile.of().parse(bytes(from, entry)).majorVersion() < OLD) {
          return false;
        }
      }
      return true;
    }
  }

  private static void renew(Path jar, Path written) throws IOException {
    try (JarFile from = new JarFile(jar.toFile());
        JarOutputStream to = new JarOutputStream(Files.newOutputStream(written))) {
      for (JarEntry entry : Collections.list(from.entries())) {
        JarEntry same = new JarEntry(entry.getName());
        same.setTime(entry.getTime());
        to.putNextEntry(same);
        byte[] bytes = bytes(from, entry);
        to.write(isClass(entry) ? renewed(bytes) : bytes);
      }
    }
  }

  private static boolean isClass(JarEntry entry) {
    return entry.getName().endsWith(".class");
  }

  private static byte[] bytes(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream content = jar.getInputStream(entry)) {
      return content.readAllBytes();
    }
  }

  private static byte[] renewed(byte[] bytes) {
    ClassFile files =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));
    ClassModel old = files.parse(bytes);
    if (old.majorVersion() >= OLD) {
      return bytes;
    }
    ClassTransform again =
        ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
    return files.transformClass(
        old, again.andThen(ClassTransform.endHandler(built -> built.withVersion(NEW, 0))));
  }
}
