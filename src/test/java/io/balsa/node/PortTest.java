package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PortTest {
  private final Port<String> port = new Port<>("the part");

  @Test
  void aPartIsThereOnceItIsConnected() {
    port.fill("a");
    assertThat(port.get()).isEqualTo("a");
  }

  @Test
  void toUseItBeforeFailsAndSaysWhich() {
    assertThatThrownBy(port::get).hasMessage("the part is used before it is connected");
  }

  @Test
  void toConnectItTwiceFailsAndTheFirstStays() {
    port.fill("a");
    assertThatThrownBy(() -> port.fill("b")).hasMessage("the part is connected twice");
    assertThat(port.get()).isEqualTo("a");
  }
}
