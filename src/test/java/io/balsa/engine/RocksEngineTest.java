package io.balsa.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksEngineTest extends EngineContract {
  @TempDir(factory = TargetDirectory.class)
  private Path directory;

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
