package io.balsa.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.kv.Store;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenStoreTest {
  private final Engine engine = new MemoryEngines(new MemoryMedium()).open("state");
  private final OpenStore state = new OpenStore("state", engine, Store.open(engine, List.of()));

  /** A snapshot that is put in force must not close the engine that a reader or a flush uses. */
  @Test
  void kb61AStateInUseOutlivesItsRetirement() {
    List<String> seen = new ArrayList<>();
    boolean used =
        state.use(
            inUse -> {
              state.retire(() -> seen.add("closed"));
              assertThat(state.use(_ -> seen.add("entered"))).isFalse();
              inUse.flush();
              assertThat(inUse.get(Bytes.utf8("k"))).isNull();
              seen.add("done");
            });
    assertThat(used).isTrue();
    assertThat(seen).containsExactly("done", "closed");
  }

  @Test
  void aStateThatNobodyUsesClosesAtOnce() {
    List<String> seen = new ArrayList<>();
    assertThat(state.enter()).isSameAs(engine);
    state.leave();
    assertThat(seen).isEmpty();

    state.retire(() -> seen.add("closed"));

    assertThat(seen).containsExactly("closed");
    assertThat(state.enter()).isNull();
  }

  @Test
  void theLastOfSeveralUsersClosesIt() {
    List<String> seen = new ArrayList<>();
    assertThat(state.enter()).isNotNull();
    assertThat(state.enter()).isNotNull();
    state.retire(() -> seen.add("closed"));

    state.leave();
    assertThat(seen).isEmpty();
    state.leave();
    assertThat(seen).containsExactly("closed");
  }

  @Test
  void aUserThatFailsHasLeft() {
    List<String> seen = new ArrayList<>();
    assertThatThrownBy(
            () ->
                state.use(
                    _ -> {
                      throw new IllegalStateException("on purpose");
                    }))
        .hasMessage("on purpose");

    state.retire(() -> seen.add("closed"));
    assertThat(seen).containsExactly("closed");
  }
}
