package io.balsa.kv;

import io.balsa.engine.Engines;
import io.balsa.engine.RocksEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class RocksStoreModelTest extends StoreModelContract {
  private Path directory = Path.of("target");

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory(Path.of("target"), "rocks");
  }

  @AfterEach
  void deleteDirectory() throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  Engines engines() {
    return new RocksEngines(directory);
  }

  @Override
  int seeds() {
    return 8;
  }
}
