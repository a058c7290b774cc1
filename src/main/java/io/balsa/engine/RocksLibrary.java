package io.balsa.engine;

import io.balsa.logging.LogEvent;
import java.io.IOException;
import java.net.URL;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library, which is in its jar and must be a file for that. RocksDB would
 * make a new file of 15 MB in each process, and a process that is killed leaves it. Here all
 * processes of a user share one file, in the temporary directory. When that cannot hold programs,
 * the file is in the data directory.
 */
final class RocksLibrary {
  /** The directory below a data directory. */
  static final String BESIDE_DATA = "native";

  private static final LogEvent ELSEWHERE =
      LogEvent.info("io.balsa.engine", "the library of RocksDB is in another directory than usual");

  /** RocksDB's own variable: a directory with its library. */
  private static final String CHOSEN = "ROCKSDB_SHAREDLIB_DIR";

  private static boolean loaded;

  private RocksLibrary() {}

  /**
   * Loads the library, unless this process has it.
   *
   * @param dataDirectory the data directory of the server that needs it first
   * @throws EngineFailure with one line, when no directory can hold it
   */
  static synchronized void load(Path dataDirectory) {
    if (loaded) {
      return;
    }
    URL library = inJar();
    if (library == null || System.getenv(CHOSEN) != null) {
      RocksDB.loadLibrary();
    } else {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      Path shared = temporary.resolve("balsa-" + LibraryFolder.user());
      Path beside = dataDirectory.resolve(BESIDE_DATA);
      load(library, List.of(LibraryFolder.shared(shared), LibraryFolder.inHome(beside)));
    }
    loaded = true;
  }

  private static @Nullable URL inJar() {
    return RocksDB.class.getClassLoader().getResource(Environment.getJniLibraryFileName("rocksdb"));
  }

  /** The name that {@link RocksDB#loadLibrary(List)} looks for, which is not that in the jar. */
  private static String fileName() {
    return Environment.getJniLibraryFileName("rocksdbjni");
  }

  /** Loads it from the first folder that can hold it. */
  private static void load(URL library, List<LibraryFolder> folders) {
    List<String> failures = new ArrayList<>();
    Throwable last = null;
    for (LibraryFolder folder : folders) {
      last = failureIn(library, folder);
      if (last == null) {
        if (!failures.isEmpty()) {
          ELSEWHERE.log("directory", folder.path(), "reason", failures.getFirst());
        }
        return;
      }
      failures.add(folder.path() + " cannot hold it (" + words(last) + ")");
    }
    throw new EngineFailure(
        "RocksDB's library can be loaded from no directory: %s; choose another one for temporary files, with 20 MB free and not mounted noexec: BALSA_JAVA_OPTS=-Djava.io.tmpdir=DIR"
            .formatted(String.join("; ", failures)),
        last);
  }

  private static @Nullable Throwable failureIn(URL library, LibraryFolder folder) {
    try {
      Path directory = folder.with(library, fileName());
      RocksDB.loadLibrary(List.of(directory.toString()));
      return null;
    } catch (IOException | UnsatisfiedLinkError e) {
      return e;
    }
  }

  /** The exceptions of the JDK for a file often hold only its name. */
  private static String words(Throwable failure) {
    String words =
        switch (failure) {
          case NoSuchFileException _ -> "no such directory";
          case AccessDeniedException _ -> "permission denied";
          case UnsatisfiedLinkError linking ->
              String.valueOf(linking.getMessage()).replaceAll("\\S+: ", "");
          case FileSystemException about when about.getReason() != null -> about.getReason();
          default -> String.valueOf(failure.getMessage());
        };
    return words.replaceAll("\\s*\\R\\s*", " ");
  }
}
