package io.balsa.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RocksEngineTest extends EngineContract {
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
    return 6;
  }

  @Test
  void whatWasNotFlushedIsLostAtACrash() {
    try (Engine engine = engines().open("store")) {
      engine.write(new Batch().put(Bytes.of(1), Bytes.of(1)));
      engine.flush();
      engine.write(new Batch().put(Bytes.of(2), Bytes.of(2)));
    }
    try (Engine engine = engines().open("store")) {
      assertThat(engine.get(Bytes.of(1))).isEqualTo(Bytes.of(1));
      assertThat(engine.get(Bytes.of(2))).isNull();
    }
  }

  @Test
  void aDamagedStoreIsRefusedWithItsPath() throws IOException {
    engines().open("store").close();
    Files.writeString(directory.resolve("store/CURRENT"), "rubbish");
    assertThatThrownBy(() -> engines().open("store"))
        .isInstanceOf(EngineFailure.class)
        .hasMessageContaining("cannot open the store in")
        .hasMessageContaining("store");
  }
}
