package io.balsa.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalNotesTest {
  @Test
  void aLineBreaksBetweenWords() {
    assertThat(TerminalNotes.folded("to be or not", 5).lines())
        .containsExactly("to be", "or", "not");
    assertThat(TerminalNotes.folded("a longer-word b", 5).lines())
        .containsExactly("a", "longer-word", "b");
    assertThat(TerminalNotes.folded("a b", 80)).isEqualTo("a b");
  }

  @Test
  void aTerminalIsKnownByTheNameOfItsFile() {
    assertThat(TerminalNotes.isTerminal("/dev/pts/3")).isTrue();
    assertThat(TerminalNotes.isTerminal("/dev/tty1")).isTrue();
    assertThat(TerminalNotes.isTerminal("pipe:[4711]")).isFalse();
    assertThat(TerminalNotes.isTerminal("/tmp/file")).isFalse();
  }
}
