package io.balsa.kv;

import io.balsa.engine.Engines;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.house.SharesCores;

@SharesCores
class MemoryStoreModelTest extends StoreModelContract {
  @Override
  Engines engines() {
    return new MemoryEngines(new MemoryMedium());
  }

  @Override
  int seeds() {
    return 500;
  }
}
