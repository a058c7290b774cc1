package io.balsa.kv;

import io.balsa.engine.Engines;
import io.balsa.engine.RocksEngines;
import io.balsa.engine.TargetDirectory;
import io.balsa.house.SharesCores;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

@SharesCores
class RocksStoreModelTest extends StoreModelContract {
  @TempDir(factory = TargetDirectory.class)
  private Path directory;

  @Override
  Engines engines() {
    return new RocksEngines(directory);
  }

  @Override
  int seeds() {
    return 5;
  }
}
