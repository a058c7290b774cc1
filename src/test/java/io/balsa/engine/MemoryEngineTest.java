package io.balsa.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MemoryEngineTest extends EngineContract {
  private final MemoryMedium medium = new MemoryMedium();

  @Override
  Engines engines() {
    return new MemoryEngines(medium);
  }

  @Override
  int seeds() {
    return 300;
  }

  @Test
  void aDamagedStateIsRefused() {
    try (Engine engine = engines().open("damaged")) {
      engine.write(new Batch().put(Bytes.of(1), Bytes.of(1)));
      engine.flush();
    }
    Bytes state = Objects.requireNonNull(medium.get("damaged/state"));
    for (int cut = 0; cut < state.size(); cut++) {
      medium.put("damaged/state", state.slice(0, cut));
      assertThatThrownBy(() -> engines().open("damaged"))
          .isInstanceOf(EngineFailure.class)
          .hasMessage("damaged/state is damaged");
    }
  }
}
