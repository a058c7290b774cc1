package io.balsa.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoTest {
  private final List<String> done = new ArrayList<>();

  private void open(boolean succeeds) throws IOException {
    try (Undo<IOException> undo = new Undo<>(this::closeFirst)) {
      if (!succeeds) {
        throw new IllegalStateException("the second cannot be opened");
      }
      done.add("opened");
      undo.cancel();
    }
  }

  private void closeFirst() throws IOException {
    done.add("closed");
    throw new IOException("the first cannot be closed");
  }

  @Test
  void nothingIsUndoneWhenAllSucceeds() throws IOException {
    open(true);
    assertThat(done).containsExactly("opened");
  }

  @Test
  void theFailureThatUndidIsTheOneThatIsSeen() {
    assertThatThrownBy(() -> open(false))
        .hasMessage("the second cannot be opened")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(done).containsExactly("closed");
  }
}
