package io.balsa.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalNotesTest {
  @Test
  void aTerminalIsKnownByTheNameOfItsFile() {
    assertThat(TerminalNotes.isTerminal("/dev/pts/3")).isTrue();
    assertThat(TerminalNotes.isTerminal("/dev/tty1")).isTrue();
    assertThat(TerminalNotes.isTerminal("pipe:[4711]")).isFalse();
    assertThat(TerminalNotes.isTerminal("/tmp/file")).isFalse();
  }
}
